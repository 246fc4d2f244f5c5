import type { RowSeen, Verdict } from '../../health/baseline.ts';
import { troubleText } from '../troubles.ts';
import type { World } from '../world.ts';
import { askedRows, baselineOf, observeNow } from './baseline.ts';

/** Watches everything that was looked at before the window come back, each row for as long as its patience. */
export interface Watch {
  /** Looks again, where it is time to, at what is not well yet. */
  look(stop: AbortSignal): Promise<void>;
  /** Whether nothing is left to wait for. */
  done(): boolean;
  /**
   * Once everything was well: looks at all of it one last time. False where something is not any more, which then has its
   * patience: one that was lost for a moment is no verdict.
   */
  confirm(stop: AbortSignal): Promise<boolean>;
  /** How long to wait for the next look, in milliseconds. */
  pauseMs(): number;
  verdict(): Verdict;
}

/** Between two looks: each is some requests, and an agent takes seconds. */
const LOOK_MS = 2_000;
const NONE: Verdict = { worse: [], already: [], external: [], notSeen: [] };

export async function watchRows(world: World): Promise<Watch> {
  const { clock } = world.host;
  const before = baselineOf(world);
  if (before === undefined)
    return {
      look: async () => undefined,
      done: () => true,
      confirm: async () => true,
      pauseMs: () => 0,
      verdict: () => NONE,
    };
  const rows = await askedRows(world);
  let begun: number | undefined;
  const latest = new Map<string, RowSeen>();
  let waiting = rows;
  let lookAt = 0;
  let told = false;
  let confirmed = false;
  const verdict = (): Verdict => world.health.compare(rows, before, { rows: [...latest.values()] });
  const observe = async (due: typeof rows, stop: AbortSignal): Promise<void> => {
    for (const row of (await observeNow(world, due, stop)).rows) latest.set(row.name, row);
  };
  const illRows = (): ReadonlySet<string> => {
    const { worse, external } = verdict();
    return new Set([...worse, ...external].map(({ row }) => row));
  };
  return {
    async look(stop) {
      if (waiting.length === 0 || clock.monotonic() < lookAt) return;
      begun ??= clock.monotonic();
      const since = clock.monotonic() - begun;
      await observe(
        waiting.filter(({ afterMs }) => since >= afterMs),
        stop,
      );
      const { worse, external } = verdict();
      const ill = illRows();
      // A row that needs another is judged anew with it.
      const open = waiting.filter(({ name, needs }) => !latest.has(name) || ill.has(name) || ill.has(needs ?? ''));
      waiting = open.filter(({ patienceMs, afterMs }) => since < Math.max(patienceMs, afterMs));
      const longest = Math.max(0, ...waiting.map(({ patienceMs, afterMs }) => Math.max(patienceMs, afterMs)));
      lookAt = clock.monotonic() + Math.min(LOOK_MS, longest / 20);
      if (told || ill.size === 0 || waiting.length === 0) return;
      told = true;
      const text = `waiting up to ${longest} ms for what was well before: ${troubleText([...worse, ...external])}`;
      world.report({ kind: 'note', text });
    },
    done: () => waiting.length === 0,
    async confirm(stop) {
      if (confirmed || illRows().size > 0) return true;
      confirmed = true;
      await observe(rows, stop);
      const ill = illRows();
      waiting = rows.filter(({ name }) => ill.has(name));
      [begun, told] = [undefined, false];
      return waiting.length === 0;
    },
    pauseMs: () => Math.max(0, lookAt - clock.monotonic()),
    verdict,
  };
}
