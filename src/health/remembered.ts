import type { Observation, Row } from './baseline.ts';

/** Of one row only what its `remember` allows, as it is to be held against a later observation. */
export function remembered(rows: readonly Row[], observation: Observation): Observation {
  const most = new Map(rows.map((row) => [row.name, row.kind === 'value' ? undefined : row.remember]));
  return {
    rows: observation.rows.map((row) => {
      const limit = most.get(row.name);
      if (limit === undefined) return row;
      const [own, elements] = [row.seen.filter(({ key }) => key === ''), row.seen.filter(({ key }) => key !== '')];
      return { ...row, seen: [...own, ...elements.slice(0, limit)] };
    }),
  };
}
