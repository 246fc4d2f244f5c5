import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Violation, violations } from './support/architecture.ts';

const src = path.resolve(import.meta.dirname, '../src');

function house(): Map<string, string> {
  const entries = fs.readdirSync(src, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(src, file), fs.readFileSync(file, 'utf8')];
    }),
  );
}

test('src/ keeps the table of rooms', () => {
  const files = house();
  expect(files.size).toBeGreaterThan(20);
  expect(violations(files)).toEqual([]);
});

/** Each rule with what breaks it: files below src/ → text. */
const planted: readonly [title: string, rule: Violation['rule'], files: Readonly<Record<string, string>>][] = [
  ['a folder that is not listed', 'room', { 'utils/strings.ts': 'export const a = 1;' }],
  ['a file beside main.ts that is not listed', 'room', { 'helpers.ts': 'export const a = 1;' }],
  ['a file that is not TypeScript', 'room', { 'engine/notes.md': 'words' }],
  ['data that is not the pinned root', 'room', { 'release/root.json': '{}' }],
  ['engine knowing a room', 'import', { 'engine/a.ts': "import type { S } from '../service/service.ts';" }],
  ['engine knowing the host', 'import', { 'engine/a.ts': "import type { Files } from '../host/files.ts';" }],
  ['a room knowing another', 'import', { 'data/a.ts': "import type { S } from '../service/service.ts';" }],
  ['a room making its own host', 'import', { 'data/a.ts': "import { f } from '../host/node-files.ts';" }],
  ['a value among type imports', 'import', { 'data/a.ts': "import { type A, b } from '../host/node-files.ts';" }],
  ['a host loaded lazily', 'import', { 'data/a.ts': "export const f = () => import('../host/node-files.ts');" }],
  ['an import that cannot be read', 'import', { 'data/a.ts': 'export const f = (x: string) => import(x);' }],
  ['a re-export from another room', 'import', { 'data/a.ts': "export { S } from '../service/service.ts';" }],
  ['a type import in place', 'import', { 'engine/a.ts': "export let s: import('../service/service.ts').S;" }],
  ['runbook using an implementation', 'import', { 'runbook/a.ts': "import { s } from '../service/systemd.ts';" }],
  ['cli reaching past the runbook', 'import', { 'cli/a.ts': "import type { S } from '../service/service.ts';" }],
  ['cli running the engine', 'import', { 'cli/a.ts': "import { drive } from '../engine/drive.ts';" }],
  ['errors.ts importing anything', 'import', { 'errors.ts': "import type { P } from './engine/plan.ts';" }],
  ['semver outside version', 'import', { 'release/a.ts': "import semver from 'semver';" }],
  ['tar outside release', 'import', { 'data/a.ts': "import { Parser } from 'tar';" }],
  ['curves outside release', 'import', { 'cli/a.ts': "import { p256 } from '@noble/curves/nist.js';" }],
  ['undici outside host', 'import', { 'health/a.ts': "import { request } from 'undici';" }],
  ['zx in the product', 'import', { 'host/a.ts': "import { $ } from 'zx';" }],
  ['a subpath of a package', 'import', { 'data/a.ts': "import x from '@sigstore/verify/dist/x.js';" }],
  ['the disk outside host', 'import', { 'release/a.ts': "import fs from 'node:fs';" }],
  ['the disk by promises', 'import', { 'release/a.ts': "import fs from 'node:fs/promises';" }],
  ['processes outside host', 'import', { 'service/a.ts': "import { spawn } from 'node:child_process';" }],
  ...['net', 'http', 'https', 'http2', 'dgram', 'tls', 'dns', 'timers/promises', 'process', 'readline'].map(
    (name): [string, 'import', Record<string, string>] => [
      `node:${name} outside host`,
      'import',
      { 'cli/a.ts': `import * as x from 'node:${name}';` },
    ],
  ),
  ['the disk in a file beside builtin.ts', 'import', { 'product/load.ts': "import fs from 'node:fs';" }],
  [
    'a package in two places',
    'one place',
    { 'cli/a.ts': "import chalk from 'chalk';", 'cli/report/b.ts': "import chalk from 'chalk';" },
  ],
  [
    'two outside things in a file',
    'one place',
    { 'host/a.ts': "import { spawn } from 'node:child_process';\nimport 'undici';" },
  ],
  ['a cycle of two', 'cycle', { 'engine/a.ts': "import './b.ts';", 'engine/b.ts': "import './a.ts';" }],
  [
    'a cycle of types through three',
    'cycle',
    {
      'engine/a.ts': "import type { B } from './b.ts';",
      'engine/b.ts': "import type { C } from './c.ts';",
      'engine/c.ts': "import type { A } from './a.ts';",
    },
  ],
  ['a file that imports itself', 'cycle', { 'engine/a.ts': "import './a.ts';" }],
  ['index.ts', 'barrel', { 'engine/index.ts': 'export const a = 1;' }],
  ['export *', 'barrel', { 'engine/a.ts': "export * from './b.ts';", 'engine/b.ts': 'export const b = 1;' }],
  ['a default export', 'default export', { 'engine/a.ts': 'export default 1;' }],
  ['301 lines', 'size', { 'engine/a.ts': 'export {};\n'.repeat(301) }],
  ['the environment', 'door', { 'service/a.ts': "export const a = process.env['HOME'];" }],
  ['the environment, spelled otherwise', 'door', { 'service/a.ts': "export const a = process['env'];" }],
  ['a timer by another road', 'door', { 'service/a.ts': 'globalThis.setTimeout(() => undefined, 1);' }],
  ['an exit', 'door', { 'cli/a.ts': 'process.exit(1);' }],
  ['a terminal', 'door', { 'cli/a.ts': "process.stdout.write('');" }],
  ['the wall clock', 'door', { 'health/a.ts': 'export const a = Date.now();' }],
  ['the wall clock as a date', 'door', { 'health/a.ts': 'export const a = new Date();' }],
  ['the steady clock', 'door', { 'health/a.ts': 'export const a = performance.now();' }],
  ['chance', 'door', { 'release/a.ts': 'export const a = Math.random();' }],
  [
    'chance from node:crypto',
    'door',
    { 'release/a.ts': "import * as crypto from 'node:crypto';\nexport const a = crypto.randomBytes(8);" },
  ],
  ['a timer', 'door', { 'health/a.ts': 'setTimeout(() => undefined, 1);' }],
  ['a repeated timer', 'door', { 'health/a.ts': 'setInterval(() => undefined, 1);' }],
  ['a request', 'door', { 'health/a.ts': "void fetch('http://127.0.0.1/');" }],
  ['the fault twin in a room', 'twin', { 'runbook/a.ts': "import type { F } from '../host/faults.ts';" }],
  ['the fault twin in the host', 'twin', { 'host/a.ts': "import { f } from './faults/count.ts';" }],
  ['the fault twin in main.ts', 'twin', { 'main.ts': "export const f = () => import('./host/faults.ts');" }],
];

describe('planted violations are found', () => {
  test.each(planted)('%s', (_title, rule, files) => {
    const found = violations(new Map(Object.entries(files)));
    expect(found.map((one) => one.rule)).toEqual([rule]);
  });
});

test('what the table allows is allowed', () => {
  const allowed = {
    'main.ts': "import { nodeFiles } from './host/node-files.ts';\nsetTimeout(nodeFiles, Date.now());",
    'host/node-files.ts':
      "import fs from 'node:fs/promises';\nexport const nodeFiles = () => fs.rm(process.env['A'] ?? '');",
    'data/copy.ts': "import path from 'node:path';\nimport type { Files } from '../host/files.ts';\nexport { path };",
    'product/builtin.ts': "import fs from 'node:fs';\nexport const read = fs.readFileSync;",
    'product/profiles/sample.yaml': 'a: 1',
    'release/trust/root.json': '{}',
    'runbook/compile.ts':
      "import type { Service } from '../service/service.ts';\nimport { plan } from '../engine/plan.ts';",
    'cli/a.ts': "import { Command } from 'commander';\n// process.env and Date.now() in words",
    'cli/b.ts': "import type { Command } from 'commander';\nexport const text = 'setTimeout(1)';",
    'version/order.ts': "import { compare } from 'semver';\nexport const at = new Date(0);",
    'engine/a.ts': 'export {};\n'.repeat(300),
  };
  expect(violations(new Map(Object.entries(allowed)))).toEqual([]);
});
