import type { Window } from '../../runbook/store/window.ts';
import { duration } from '../../runbook/words.ts';

/** "2.5 s (ready, ±6 ms; alive 2.3 s)"; what was not measured is left out. */
export function away({ readyMs, aliveMs, resolutionMs }: Window): string {
  if (resolutionMs === null) return duration(readyMs);
  const alive = aliveMs === null ? '' : `; alive ${duration(aliveMs)}`;
  return `${duration(readyMs)} (ready, ±${duration(resolutionMs)}${alive})`;
}

/** The same for a table: "2.5 s/2.3 s ±6 ms", until it was ready, and alive. */
export function awayInShort({ readyMs, aliveMs, resolutionMs }: Window): string {
  const alive = aliveMs === null ? '' : `/${duration(aliveMs)}`;
  return `${duration(readyMs)}${alive}${resolutionMs === null ? '' : ` ±${duration(resolutionMs)}`}`;
}
