import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../fixtures/sample-server/migrations');

/** First version with the migration → its number. The imitated product's own history, and one release of the future. */
const LAST_MIGRATION = [
  [[0, 3, 0], 36],
  [[0, 2, 10], 35],
  [[0, 2, 3], 33],
  [[0, 1, 2], 32],
  [[0, 0, 0], 31],
];

function numbersOf(tag) {
  const match = /^v(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?$/.exec(tag);
  if (match === null) throw new Error(`Cannot build ${tag}: expected vMAJOR.MINOR.PATCH`);
  return match.slice(1, 4).map(Number);
}

const atLeast = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

let files;

/** The migrations a release knows, as [{name, sql}] in order. */
export function migrationsOf(tag) {
  files ??= fs
    .readdirSync(MIGRATIONS)
    .sort()
    .map((name) => ({
      name,
      sql: fs.readFileSync(path.join(MIGRATIONS, name), 'utf8'),
    }));
  const numbers = numbersOf(tag);
  const last = LAST_MIGRATION.find(([first]) => atLeast(numbers, first) >= 0)[1];
  return files.filter(({ name }) => Number.parseInt(name, 10) <= last);
}

/** The second of the two that a broken release adds: what no database survives, and what only one in use does not. */
const FAILING = {
  'migration-empty': 'INSERT INTO half_way VALUES (1); INSERT INTO no_such_table VALUES (1);',
  // The seeded visits are all of one kind: `db migrate` on an empty database is fine, as real releases' are when they ship.
  migration: 'INSERT INTO half_way VALUES (1); CREATE UNIQUE INDEX visits_kind ON visits (kind);',
};

/** Two more than the release has: the first applies, the second fails, and the first stays (contract §4.1). */
export function brokenMigrationsOf(tag, mode) {
  const good = migrationsOf(tag);
  const next = Number.parseInt(good.at(-1).name, 10) + 1;
  return [
    ...good,
    { name: `0${next}_half_way.sql`, sql: 'CREATE TABLE half_way (id INTEGER PRIMARY KEY);' },
    { name: `0${next + 1}_broken.sql`, sql: FAILING[mode] },
  ];
}

export const breaksMigrations = (mode) => Object.hasOwn(FAILING, mode);

const NEWEST_REAL = { tag: 'v0.2.13', commit: '7448720', date: '2026-05-03T14:51:50Z' };

const dayOf = (tag) => numbersOf(tag).reduce((days, number, at) => days + number * [10_000, 40, 1][at], 0);

/** The imitated product's own commit and date for its newest tag; for the others made from the tag, a day apart and in order. */
export function buildOf(tag) {
  if (tag === NEWEST_REAL.tag) return { commit: NEWEST_REAL.commit, date: NEWEST_REAL.date };
  const days = dayOf(tag) - dayOf(NEWEST_REAL.tag);
  const date = new Date(Date.parse(NEWEST_REAL.date) + days * 86_400_000).toISOString();
  return { commit: createHash('sha256').update(tag).digest('hex').slice(0, 7), date: `${date.slice(0, 19)}Z` };
}

export const isPrerelease = (tag) => tag.includes('-');

/** Newest first, as the releases API lists them. */
export const newestFirst = (a, b) =>
  atLeast(numbersOf(b), numbersOf(a)) || Number(isPrerelease(a)) - Number(isPrerelease(b));
