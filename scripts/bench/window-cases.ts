import { DATA } from './window-host.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** What lies in the data directory, and what of it changes. */
export interface Case {
  /** What `--case` calls it. */
  readonly id: string;
  readonly name: string;
  /** Lengths together. */
  readonly bytes: number;
  /** Shell words that fill the empty directory. */
  readonly fill: string;
  /** Shell words that write one MB of it anew; none where there is nothing. */
  readonly change?: string;
  /** The data is one database, `app.db`, and not the directory. */
  readonly database?: true;
  /** The walk over many small files is no part of the target: it is printed apart. */
  readonly walk?: true;
}

const files = (count: number, bytes: number): string =>
  `for n in $(seq ${count}); do head -c ${bytes} /dev/urandom > ${DATA}/file-$n; done`;

/** In the middle of the first file, as a database or an image would. */
const CHANGE = `head -c ${MIB} /dev/urandom | dd of=${DATA}/file-1 bs=1M seek=7 conv=notrunc status=none`;

const SMALL = 200_000;
const SMALL_BYTES = 100;
const PER_DIRECTORY = 1000;

/** By Node: a shell takes minutes. */
const fillSmall = `const fs = require('node:fs');
for (let n = 0; n < ${SMALL}; n += 1) {
  const at = '${DATA}/' + Math.trunc(n / ${PER_DIRECTORY});
  if (n % ${PER_DIRECTORY} === 0) fs.mkdirSync(at);
  fs.writeFileSync(at + '/' + n, String(n).padEnd(${SMALL_BYTES}, '.'));
}`;
const changeSmall = `const fs = require('node:fs');
for (let n = 0; n < ${Math.trunc(MIB / SMALL_BYTES)}; n += 1)
  fs.writeFileSync('${DATA}/' + n % ${SMALL / PER_DIRECTORY} + '/' + n % ${SMALL / PER_DIRECTORY} * ${PER_DIRECTORY}, String(Math.random()).padEnd(${SMALL_BYTES}, '.'));`;

const open = `const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync('${DATA}/app.db', { timeout: 10000 });
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, value BLOB)');
const insert = database.prepare('INSERT INTO t(value) VALUES (randomblob(?))');`;
const fillDatabase = `${open}
for (let n = 0; n < ${(4 * GIB) / MIB}; n += 1) insert.run(${MIB});
database.exec('PRAGMA wal_checkpoint(TRUNCATE)');`;
const changeDatabase = `${open}
for (let n = 0; n < 16; n += 1) insert.run(${MIB / 16});`;

const node = (script: string): string => `${process.execPath} -e '${script.replaceAll("'", `'\\''`)}'`;

export const CASES: readonly Case[] = [
  { id: '0', name: 'no data', bytes: 0, fill: 'true' },
  { id: '100mb', name: '100 MB in 4 files', bytes: 100 * MIB, fill: files(4, 25 * MIB), change: CHANGE },
  { id: '1gb', name: '1 GB in 4 files', bytes: GIB, fill: files(4, 256 * MIB), change: CHANGE },
  { id: '4gb', name: '4 GB in 4 files', bytes: 4 * GIB, fill: files(4, GIB), change: CHANGE },
  {
    id: 'small',
    name: '200,000 small files',
    bytes: SMALL * SMALL_BYTES,
    fill: node(fillSmall),
    change: node(changeSmall),
    walk: true,
  },
  {
    id: 'sqlite',
    name: 'one 4 GB SQLite database',
    bytes: 4 * GIB,
    fill: node(fillDatabase),
    change: node(changeDatabase),
    database: true,
  },
];
