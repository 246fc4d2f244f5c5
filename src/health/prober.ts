import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Measured, Watched } from './watch.ts';

/** What a prober is told, one JSON text a line; its first is what it asks. */
export type Told = { readonly ask: Watched } | { readonly stoppedAtMs: number } | { readonly untilMs: number };
/** What a prober says: that it has begun, and at its end what it measured. */
export type Said = { readonly looking: true } | { readonly measured: Measured };

/** A process of its own that sees from outside for how long a service is away. It changes nothing, and dies with this one. */
export interface Prober {
  /** Starts it. `label` is for whoever looks at the processes of the host. */
  start(watched: Watched, label: string): Probing;
}

/** A prober at work. Nothing here rejects: where it was killed, or could not be started, there is no figure. */
export interface Probing {
  /** Whether it has asked everything once; false where it does not come to that in time. */
  looking(): Promise<boolean>;
  /** The service is told to stop now. */
  stopping(atMs: number): void;
  /** Ends it, as soon as it has a good answer to everything. Call it once the service is known to answer. */
  measured(): Promise<Measured | undefined>;
  /** Ends it as it is. */
  dismiss(): Promise<void>;
}

/** A loaded machine takes long to start a process; the service runs meanwhile. */
const START_MS = 10_000;
/** It asks at other moments than we do, and one question may be answered later than the other. */
const PATIENCE_MS = 5_000;
/** Beyond its own end: to be killed then is all that is left. */
const GRACE_MS = 5_000;
/** As long as a timer can be; it ends with us. */
const LIFE_MS = 2 ** 31 - 1;

export function processProber({ commands, clock, identity }: Pick<Host, 'commands' | 'clock' | 'identity'>): Prober {
  return {
    start(watched, label) {
      const stopped = Promise.withResolvers<number | undefined>();
      const ending = Promise.withResolvers<number | undefined>();
      const begun = Promise.withResolvers<boolean>();
      const kill = new AbortController();
      const told = async function* (): AsyncGenerator<Uint8Array> {
        yield line({ ask: watched });
        const stoppedAtMs = await stopped.promise;
        if (stoppedAtMs !== undefined) yield line({ stoppedAtMs });
        const untilMs = await ending.promise;
        if (untilMs !== undefined) yield line({ untilMs });
      };
      const argv = [...identity.self, 'prober', label] as const;
      const options = { timeoutMs: LIFE_MS, stop: kill.signal, input: told() };
      const listen = async (): Promise<Measured | undefined> => {
        let text = '';
        for await (const part of commands.stream(argv, options)) {
          text += Buffer.from(part).toString('latin1');
          if (text.includes('\n')) begun.resolve(true);
        }
        return text.split('\n').flatMap(measuredIn).at(-1);
      };
      const ended = listen()
        .catch((error) => {
          // Killed, by us or by somebody: then there is no figure.
          if (error instanceof RefitError || kill.signal.aborted) return undefined;
          throw error;
        })
        .finally(() => begun.resolve(false));
      // Awaited by whoever ends it; until then a bug in it must not end the run.
      ended.catch(() => undefined);
      const end = async (untilMs: number | undefined, graceMs: number): Promise<Measured | undefined> => {
        stopped.resolve(undefined);
        ending.resolve(untilMs);
        if (graceMs === 0) kill.abort(new Error('dismissed'));
        const late = new AbortController();
        const killed = clock.sleep(graceMs, late.signal).then(
          () => kill.abort(new Error('too late')),
          () => undefined,
        );
        try {
          return await ended;
        } finally {
          late.abort();
          await killed;
        }
      };
      return {
        looking: () => within(clock, START_MS, begun.promise),
        stopping: (atMs) => stopped.resolve(atMs),
        measured: () => end(clock.monotonic() + PATIENCE_MS, PATIENCE_MS + GRACE_MS),
        dismiss: async () => void (await end(undefined, 0)),
      };
    },
  };
}

function line(told: Told): Uint8Array {
  return Buffer.from(`${JSON.stringify(told)}\n`);
}

function measuredIn(text: string): readonly Measured[] {
  if (text === '') return [];
  const said = JSON.parse(text) as Said;
  return 'measured' in said ? [said.measured] : [];
}

async function within(clock: Host['clock'], ms: number, promise: Promise<boolean>): Promise<boolean> {
  const late = new AbortController();
  const given = clock.sleep(ms, late.signal).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([promise, given]);
  } finally {
    late.abort();
  }
}
