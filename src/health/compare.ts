import type { Observation, Row, RowSeen, Seen, SeenState, Trouble, Verdict } from './baseline.ts';

type Class = keyof Verdict | 'fine';

/** What becomes of an element that was seen both times: before, then after. */
const TABLE: Readonly<Record<SeenState, Readonly<Record<SeenState, Class>>>> = {
  ok: { ok: 'fine', bad: 'worse', busy: 'external', failing: 'worse', unreadable: 'notSeen' },
  bad: { ok: 'fine', bad: 'already', busy: 'already', failing: 'already', unreadable: 'already' },
  busy: { ok: 'notSeen', bad: 'notSeen', busy: 'already', failing: 'external', unreadable: 'notSeen' },
  failing: { ok: 'notSeen', bad: 'already', busy: 'already', failing: 'already', unreadable: 'notSeen' },
  unreadable: {
    ok: 'notSeen',
    bad: 'notSeen',
    busy: 'notSeen',
    failing: 'notSeen',
    unreadable: 'notSeen',
  },
};

/** Holds what is against what was, row by row; a row that either observation lacks is left out. Pure. */
export function compare(rows: readonly Row[], before: Observation, after: Observation): Verdict {
  const [was, is] = [byName(before), byName(after)];
  const found = rows.flatMap((row) => {
    const [old, now] = [was.get(row.name), is.get(row.name)];
    if (old === undefined || now === undefined) return [];
    const blameless = row.external || lacks(row.needs, is);
    return compareRow(row, old, now).map(({ is: judged, trouble }) => {
      return { is: judged === 'worse' && blameless ? ('external' as const) : judged, trouble };
    });
  });
  const of = (name: Class): readonly Trouble[] =>
    found.filter(({ is: judged }) => judged === name).map(({ trouble }) => trouble);
  return { worse: of('worse'), already: of('already'), external: of('external'), notSeen: of('notSeen') };
}

interface Found {
  readonly is: Class;
  readonly trouble: Trouble;
}

function compareRow(row: Row, before: RowSeen, after: RowSeen): readonly Found[] {
  const [was, is] = [byKey(before), byKey(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)];
    // What hides it is told by itself.
    if ((old === undefined && isHidden(key, was)) || (now === undefined && isHidden(key, is))) return [];
    const trouble = { row: row.name, key, before: old?.saw ?? 'not there', after: now?.saw ?? 'gone' };
    return [{ is: judge(row, old, now, { before, after }), trouble }];
  });
}

function judge(
  row: Row,
  old: Seen | undefined,
  now: Seen | undefined,
  { before, after }: { readonly before: RowSeen; readonly after: RowSeen },
): Class {
  if (old !== undefined && now !== undefined) return TABLE[old.state][now.state];
  const noNew = row.kind !== 'value' && row.expect === 'no-new';
  if (now === undefined) {
    if (noNew || old?.state !== 'ok') return 'fine';
    return after.cut ? 'notSeen' : 'worse';
  }
  if (!noNew || now.state === 'ok') return 'fine';
  return now.state === 'bad' && !before.cut ? 'worse' : 'notSeen';
}

/** Whether something above it could not be seen, and it with that. */
function isHidden(key: string, seen: ReadonlyMap<string, Seen>): boolean {
  const parent = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return [parent, ''].some((above) => above !== key && (seen.get(above)?.state ?? 'ok') !== 'ok');
}

function lacks(name: string | undefined, rows: ReadonlyMap<string, RowSeen>): boolean {
  if (name === undefined) return false;
  const needed = rows.get(name);
  return needed === undefined || needed.seen.some(({ state }) => state !== 'ok');
}

function byName({ rows }: Observation): ReadonlyMap<string, RowSeen> {
  return new Map(rows.map((row) => [row.name, row]));
}

function byKey({ seen }: RowSeen): ReadonlyMap<string, Seen> {
  return new Map(seen.map((each) => [each.key, each]));
}
