import type { Planned } from '../../runbook/planned.ts';
import { wrap } from './plain.ts';

const WIDTH = 80;

/** What crossings change, to the byte. Diffs are not wrapped: they are copied. */
export function crossedLines({ envDiff, crossed }: Pick<Planned, 'envDiff' | 'crossed'>): readonly string[] {
  const { files = [], unitDiff = '', owners = [] } = crossed ?? {};
  return [
    ...part('Edits of the env file', diff(envDiff)),
    ...part('Files copied', files.map(entry)),
    ...part('Edits of the unit', diff(unitDiff)),
    ...part('Owners changed', owners.map(entry)),
  ];
}

function part(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}, made only with --apply-crossings:`, ...lines];
}

const entry = (text: string): string => wrap('  ', text, WIDTH, 4);

function diff(text: string): readonly string[] {
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`);
}
