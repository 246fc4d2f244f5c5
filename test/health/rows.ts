import type { Observation, Row, Seen, SeenState } from '../../src/health/baseline.ts';

const RULES = { url: 'http://h/x', token: false, external: false, patienceMs: 0, afterMs: 0 } as const;

type ListRow = Extract<Row, { kind: 'list' }>;
type NestedRow = Extract<Row, { kind: 'nested' }>;
type ValueRow = Extract<Row, { kind: 'value' }>;

export function listRow(more: Partial<ListRow> = {}): ListRow {
  return {
    ...RULES,
    kind: 'list',
    name: 'hosts',
    key: 'name',
    status: 'status',
    ok: ['online'],
    expect: 'no-worse',
    ...more,
  };
}

export function nestedRow(more: Partial<NestedRow> = {}): NestedRow {
  return {
    ...RULES,
    kind: 'nested',
    name: 'containers',
    key: 'name',
    below: '/:name/status?host=:on.host',
    part: 'service',
    status: 'state',
    ok: ['running'],
    expect: 'no-worse',
    ...more,
  };
}

export function valueRow(more: Partial<ValueRow> = {}): ValueRow {
  return { ...RULES, kind: 'value', name: 'docker', field: 'docker', ok: ['true'], ...more };
}

/** One row as it was seen: key → state. Its own state is "ok" unless said. */
export function observation(
  states: Readonly<Record<string, SeenState>>,
  { name = 'hosts', cut = false }: { readonly name?: string; readonly cut?: boolean } = {},
): Observation {
  const seen = Object.entries({ '': 'ok' as const, ...states }).map(
    ([key, state]): Seen => ({ key, state, saw: state }),
  );
  return { rows: [{ name, seen, cut, tookMs: 1 }] };
}
