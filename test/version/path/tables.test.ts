import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RefitError } from '../../../src/errors.ts';
import { catalogueOf, listed } from '../../../src/version/catalogue.ts';
import type { Advisory } from '../../../src/version/path/advisory.ts';
import { solveRunning } from '../../../src/version/path/cluster.ts';
import { edgeBetween, type Rules } from '../../../src/version/path/edge.ts';
import type { Policy } from '../../../src/version/path/policy.ts';
import { pathVersion } from '../../../src/version/path/target.ts';
import type { Version } from '../../../src/version/version.ts';

/** One line of a table; what it does not say is not asked. */
interface Row {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly allowed?: boolean;
  readonly kind?: string;
  readonly hops?: readonly string[];
  /** Whether the one step alone is allowed. */
  readonly direct?: boolean;
  readonly error?: string;
  /** What the reason contains. */
  readonly says?: string;
  readonly policy?: object;
  readonly catalogue?: readonly string[];
  readonly advisories?: readonly Advisory[];
  readonly facts?: readonly string[];
  readonly allowPrerelease?: boolean;
  readonly interrupted?: boolean;
  readonly replicas?: readonly string[];
  readonly grace?: number;
  readonly floor?: string;
}

interface Table {
  readonly policy: object;
  readonly catalogue?: readonly string[];
  readonly advisories?: readonly Advisory[];
  readonly rows: readonly Row[];
}

const folder = path.resolve(import.meta.dirname, '../../../fixtures/paths');
const read = (name: string): Table => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));

function rulesOf(table: Table, row: Row): Rules {
  const policy = { ...table.policy, ...row.policy };
  if ('name' in policy && policy.name === 'window') Object.assign(policy, { grace: row.grace, floor: row.floor });
  return {
    policy: policy as Policy,
    catalogue: catalogueOf(row.catalogue ?? table.catalogue ?? [row.to]),
    advisories: row.advisories ?? table.advisories ?? [],
    facts: new Set(row.facts),
    allowPrerelease: row.allowPrerelease ?? false,
  };
}

function tried(table: Table, row: Row) {
  const rules = rulesOf(table, row);
  const read = (text: string) => pathVersion(text, 'a version', { strict: rules.policy.name === 'window' });
  try {
    const [from, to] = [read(row.from), read(row.to)];
    const versions = (row.replicas ?? [row.from]).map(read) as [Version, ...Version[]];
    const solved = solveRunning(rules, { versions, interrupted: row.interrupted ?? false }, to);
    const { allowed, kind, hops, reason } = solved;
    const direct = edgeBetween(rules, listed(from), listed(to)).allowed;
    return { allowed, kind, reason, direct, hops: hops.map(({ tag }) => tag) };
  } catch (error) {
    if (error instanceof RefitError) return { error: error.code };
    throw error;
  }
}

/** What the row says and nothing else. */
function asked({ allowed, kind, hops, direct, error, says }: Row): object {
  const reason = says === undefined ? undefined : expect.stringContaining(says);
  return Object.fromEntries(
    Object.entries({ allowed, kind, hops, direct, error, reason }).filter(([, value]) => value !== undefined),
  );
}

describe.each([
  ['Docker Trusted Registry, V01 to V35', 'dtr.json', 35],
  ['Docker Trusted Registry, the table of numbers', 'dtr-concrete.json', 14],
  ['bilbycast-edge', 'bilbycast.json', 24],
  ['dockmesh', 'dockmesh.json', 17],
])('%s', (_, name, least) => {
  const table = read(name);

  test('the table is whole', () => {
    expect(table.rows.length).toBeGreaterThanOrEqual(least);
  });

  test.each(table.rows.map((row) => [row.id, row] as const))('%s', (_id, row) => {
    const wanted = asked(row);
    expect(Object.keys(wanted)).not.toEqual([]);
    expect(tried(table, row)).toMatchObject(wanted);
  });
});

describe('Docker Trusted Registry, the table of symbols', () => {
  const table = read('dtr-symbolic.json');
  /** Of a catalogue without holes: x is 2, y is 3, z the newest; what a `*` or a z stands for, and x + 1 and y + 1. */
  const [majors, minors, patches] = [
    [1, 2, 3, 4],
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 3],
  ];
  const catalogue = majors.flatMap((x) => minors.flatMap((y) => patches.map((z) => `${x}.${y}.${z}`)));
  const meant = (symbols: string): readonly string[] => {
    const [major = '', minor = '', patch = ''] = symbols.replaceAll(/[()]/g, '').split('.');
    const value = (text: string, base: number) =>
      /\d$/.test(text) && !/[xy]/.test(text) ? Number(text) : base + Number(/[+-]\d/.exec(text)?.[0] ?? 0);
    const ys = minor === '*' ? minors : [value(minor, major.startsWith('x') && symbols.startsWith('x.y.z') ? 5 : 3)];
    const zs = patch === '*' ? patches : [patch === 'z' ? 3 : Number(patch)];
    return ys.flatMap((y) => zs.map((z) => `${value(major, 2)}.${y}.${z}`));
  };

  test.each(table.rows.map((row) => [row.id, row] as const))('%s', (_id, row) => {
    const rules = rulesOf({ ...table, catalogue }, row);
    const pairs = meant(row.from).flatMap((from) => meant(row.to).map((to) => [from, to] as const));
    const listedAs = (text: string) => listed(pathVersion(text, 'a version'));
    expect(pairs.length).toBeGreaterThan(0);
    for (const [from, to] of pairs)
      expect([from, to, edgeBetween(rules, listedAs(from), listedAs(to)).allowed]).toEqual([from, to, row.direct]);
  });
});
