import type { Cache, Rehearsal } from '../../runbook/rehearsal.ts';
import { bytes, duration } from '../../runbook/words.ts';
import { plain, wrap } from './plain.ts';

const WIDTH = 80;
const INDENT = ' '.repeat(10);

/** What a rehearsal came to, below its plan. What failed reads as a finding that stands against the upgrade. */
export function rehearsalText(rehearsal: Rehearsal): string {
  return `${plain(linesOf(rehearsal).join('\n'))}\n`;
}

function linesOf(rehearsal: Rehearsal): readonly string[] {
  if (rehearsal.outcome === 'nothing') return [wrap('', `Nothing to rehearse: ${rehearsal.why}`, WIDTH, 2)];
  const cache = cacheLines(rehearsal.cache);
  if (rehearsal.outcome === 'failed') {
    const { code, message, hint } = rehearsal.error;
    const next = hint === undefined ? [] : [wrap(INDENT, hint, WIDTH)];
    return [wrap('STOP      ', `${code}: ${message}`, WIDTH), ...next, ...cache];
  }
  const { before, after, added, ms } = rehearsal;
  const rows = `${before} migrations before, ${after} after${added.length === 0 ? '' : `: ${added.join(', ')}`}`;
  return [
    wrap('rehearsal ', `passed in ${duration(ms)} on a copy of the data; nothing was changed`, WIDTH),
    wrap(INDENT, rows, WIDTH),
    ...cache,
  ];
}

function cacheLines({ directory, files }: Cache): readonly string[] {
  if (files.length === 0) return [];
  const size = bytes(files.reduce((sum, file) => sum + file.bytes, 0));
  return [wrap(INDENT, `the download stays for the next upgrade: ${size} in ${directory}`, WIDTH)];
}

/** For scripts. `error` as in every other answer, beside what it is about. */
export function rehearsalJson(rehearsal: Rehearsal): object {
  if (rehearsal.outcome === 'nothing') return { rehearsal: { passed: null, reason: rehearsal.why } };
  const { outcome, cache } = rehearsal;
  if (outcome === 'failed') {
    const { code, message, hint } = rehearsal.error;
    return { rehearsal: { passed: false, cache }, error: { code, message, hint } };
  }
  const { before, after, added, ms } = rehearsal;
  return { rehearsal: { passed: true, before, after, added, ms, cache } };
}
