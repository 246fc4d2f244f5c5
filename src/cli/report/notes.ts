import type { Planned } from '../../runbook/planned.ts';
import { plain, wrap } from './plain.ts';

const WIDTH = 80;

/** Behind a plan: the lines of the release notes that ask for action; in full, all of them. Nothing where none do. */
export function notesText({ notes = [] }: Pick<Planned, 'notes'>, inFull: boolean): string {
  const lines = inFull
    ? notes.flatMap(({ tag, text }) => ['', `Release notes of ${tag}:`, ...text.split('\n').map((one) => `  ${one}`)])
    : lifted(notes);
  return lines.length === 0 ? '' : `${plain(lines.join('\n'))}\n`;
}

function lifted(notes: NonNullable<Planned['notes']>): readonly string[] {
  const asking = notes.filter(({ actions }) => actions.length > 0);
  if (asking.length === 0) return [];
  return [
    '',
    'What release notes on the way ask for (--notes shows all):',
    ...asking.flatMap(({ tag, actions }) => [`  ${tag}`, ...actions.map((action) => wrap('    - ', action, WIDTH))]),
  ];
}
