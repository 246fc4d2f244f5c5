import type { LostWrites } from '../../runbook/lost-writes.ts';

/** Names shown of each kind; the rest is counted. */
const SHOWN = 5;

/** What a rollback loses, a line for each kind of it. */
export function lostTexts({ files, tables, audit, audits }: LostWrites): readonly string[] {
  const rows = (tables ?? []).map(({ name, before, now }) => `${name} ${before} -> ${now}`);
  return [
    tables === undefined ? 'rows of the database: not counted' : `rows of ${listed(rows, 'no table')}`,
    `files: ${listed(files, 'none')}`,
    ...(audit === undefined || audits === 0
      ? []
      : [`logged since: ${audits}${audits > audit.length ? `, the newest ${audit.length}` : ''}`]),
    ...(audit ?? []).map(({ at, who, what }) => `  ${at} ${who === '' ? '-' : who} ${what}`),
  ];
}

function listed(all: readonly string[], none: string): string {
  if (all.length === 0) return none;
  const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : '';
  return `${all.slice(0, SHOWN).join(', ')}${more}`;
}
