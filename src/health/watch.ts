import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { type Away, awaySince, follow, isGood, type Sample, type Track, UNTRACKED } from './away.ts';
import type { HttpQuestion } from './health.ts';
import { judgeHttp } from './judge.ts';

/** What a prober asks, over a new connection each time. */
export interface Watched {
  /** Good where one of these is answered well: the old version and the new may be asked for different things. */
  readonly ready: readonly HttpQuestion[];
  /** Whether something answers at all; none where the profile names no such probe. */
  readonly alive: readonly HttpQuestion[];
}

/** Undefined where it cannot be said. */
export interface Measured {
  readonly ready: Away | undefined;
  readonly alive: Away | undefined;
}

/** What whoever started the prober tells it meanwhile. */
export interface Orders {
  stoppedAtMs: number | undefined;
  /** Nothing is asked from then on, whatever is still away. */
  untilMs: number | undefined;
}

/** Between two questions while connections are refused: it costs the server nothing. */
const REFUSED_MS = 5;
/** Between two questions while something answers: the server logs each. */
const ANSWERED_MS = 100;
/** Somebody who waits longer for an answer has none. */
const ANSWER_MS = 1_000;
/** After the order to stop, for so long: a bare connection, which no server logs, shows the moment at which it is gone. */
const KNOCK_MS = 1_000;

type Asker = Pick<Host, 'http' | 'clock'>;
type Name = keyof Watched;

/** Asks until it is told not to; `onLook` is called once each question was asked. Resolves with what was seen. */
export async function watch(host: Asker, watched: Watched, orders: Orders, onLook: () => void): Promise<Measured> {
  const tracks = new Map<Name, Track>();
  const note = (name: Name, sample: Sample): void => {
    tracks.set(name, follow(tracks.get(name) ?? UNTRACKED, sample));
    if (tracks.size === names.length) onLook();
  };
  const names = (['ready', 'alive'] as const).filter((name) => watched[name].length > 0);
  const isOver = (): boolean => {
    const { untilMs } = orders;
    if (untilMs === undefined) return false;
    return host.clock.monotonic() >= untilMs || names.every((name) => isGood(tracks.get(name) ?? UNTRACKED));
  };
  const doors = Map.groupBy(names, (name) => new URL(watched[name][0]?.url ?? '').origin);
  await Promise.all(
    [...doors].map(([origin, behind]) => watchDoor(host, new URL(origin), { watched, behind, orders, note, isOver })),
  );
  const away = (name: Name): Away | undefined => {
    const track = tracks.get(name);
    return track === undefined || orders.stoppedAtMs === undefined ? undefined : awaySince(track, orders.stoppedAtMs);
  };
  return { ready: away('ready'), alive: away('alive') };
}

interface Door {
  readonly watched: Watched;
  /** The questions that are asked there. */
  readonly behind: readonly Name[];
  readonly orders: Orders;
  readonly note: (name: Name, sample: Sample) => void;
  readonly isOver: () => boolean;
}

async function watchDoor(host: Asker, origin: URL, { watched, behind, orders, note, isOver }: Door): Promise<void> {
  const { clock, http } = host;
  const port = Number(origin.port || (origin.protocol === 'https:' ? 443 : 80));
  const dial = { host: origin.hostname.replace(/^\[|\]$/g, ''), port, timeoutMs: ANSWER_MS };
  // A server that speaks TLS does log a connection on which nothing is said.
  const knocksAfterStop = origin.protocol === 'http:';
  let refused = false;
  let askAtMs = clock.monotonic();
  for (; !isOver(); await clock.sleep(REFUSED_MS)) {
    const nowMs = clock.monotonic();
    const { stoppedAtMs } = orders;
    const stopping = knocksAfterStop && stoppedAtMs !== undefined && nowMs < stoppedAtMs + KNOCK_MS;
    if ((refused || stopping) && !(await http.dialTcp(dial))) {
      refused = true;
      for (const name of behind) note(name, { askedAtMs: nowMs, answeredAtMs: clock.monotonic(), good: false });
      continue;
    }
    if (!refused && nowMs < askAtMs) continue;
    askAtMs = nowMs + ANSWERED_MS;
    const asked = await Promise.all(behind.map(async (name) => ({ name, ...(await ask(host, watched[name])) })));
    for (const { name, sample } of asked) note(name, sample);
    refused = asked.every((one) => one.refused);
  }
}

async function ask(
  { http, clock }: Asker,
  questions: readonly HttpQuestion[],
): Promise<{ readonly sample: Sample; readonly refused: boolean }> {
  const askedAtMs = clock.monotonic();
  let [good, refused] = [false, false];
  for (const question of questions) {
    try {
      good = judgeHttp(question, await http.request(question.url, { timeoutMs: ANSWER_MS }), undefined).healthy;
    } catch (error) {
      if (!(error instanceof RefitError)) throw error;
      refused = error.facts['errno'] === 'ECONNREFUSED';
    }
    if (good || refused) break;
  }
  return { sample: { askedAtMs, answeredAtMs: clock.monotonic(), good }, refused };
}
