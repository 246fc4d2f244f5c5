import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { crossingsBetween } from '../../src/product/crossings.ts';
import { detect } from '../../src/product/detect.ts';
import { requireVersion } from '../../src/version/version.ts';
import { builtin, envText, initInput } from './given.ts';

const dockmesh = await builtin('dockmesh');

function crossings(text: string, from: string, to: string) {
  const [old, next] = [requireVersion(from, 'from'), requireVersion(to, 'to')];
  return crossingsBetween(dockmesh, detect(dockmesh, initInput(text)), old, next);
}

test('a complete env file needs nothing', () => {
  expect(crossings(envText('/data'), 'v0.2.9', 'v0.2.13')).toEqual([]);
});

test('keys an old installer left out are named with the exact edit', () => {
  const text = 'DOCKMESH_DB_PATH=/var/lib/dockmesh/data/dockmesh.db\n';
  const found = crossings(text, 'v0.2.9', 'v0.2.13');
  expect(found.map(({ code, severity }) => [code, severity])).toEqual([
    ['secrets-path', 'inhibit'],
    ['audit-genesis-path', 'inhibit'],
    ['install-script', 'warning'],
    ['agent-binaries', 'warning'],
  ]);
  expect(found[0]).toMatchObject({
    addition: { key: 'DOCKMESH_SECRETS_PATH', value: '/var/lib/dockmesh/data/secrets.env' },
    copy: [{ from: '/data/secrets.env', to: '/var/lib/dockmesh/data/secrets.env' }],
    measured: 'DOCKMESH_SECRETS_PATH is not set',
    remedy:
      'add DOCKMESH_SECRETS_PATH=/var/lib/dockmesh/data/secrets.env to /var/lib/dockmesh/dockmesh.env, copy /data/secrets.env to /var/lib/dockmesh/data/secrets.env',
  });
  expect(found[3]?.addition).toEqual({ key: 'DOCKMESH_BINARY_DIR', value: '/usr/local/share/dockmesh/bin' });
});

test('the certificate authority moves with the release that looks for it elsewhere, and only then', () => {
  const text = envText('/var/lib/dockmesh');
  const [move, names] = crossings(text, 'v0.1.6', 'v0.1.10');
  expect(move).toMatchObject({ code: 'agent-certificates', addition: undefined });
  expect(move?.copy[0]).toEqual({ from: '/data/agents-ca.crt', to: '/var/lib/dockmesh/data/agents-ca.crt' });
  expect(names).toMatchObject({
    code: 'agent-names',
    addition: undefined,
    remedy: expect.stringMatching(/^set DOCKMESH_AGENT_SANS in /),
  });
  expect(crossings(text, 'v0.1.5', 'v0.1.6')).toEqual([]);
  expect(crossings(text, 'v0.1.10', 'v0.2.13')).toEqual([]);
});

test('files that are where they belong are not copied onto themselves', () => {
  const text = envText('/').replaceAll('=//', '=/').replace('DOCKMESH_SECRETS_PATH=/data/secrets.env\n', '');
  expect(crossings(text, 'v0.1.5', 'v0.2.13').find(({ code }) => code === 'secrets-path')?.copy).toEqual([]);
});

interface Row {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** What an installation of then says: the path of its database alone, or all that an installer writes today but names. */
  readonly env?: 'database' | 'whole';
  readonly crossings?: readonly string[];
}

const table = path.resolve(import.meta.dirname, '../../fixtures/paths/dockmesh.json');
const rows = (JSON.parse(fs.readFileSync(table, 'utf8')) as { readonly rows: readonly Row[] }).rows.filter(
  (row) => row.crossings !== undefined,
);

test.each(rows.map((row) => [row.id, row] as const))('from the table: %s', (_, { from, to, env, crossings: codes }) => {
  const text =
    env === 'database' ? 'DOCKMESH_DB_PATH=/var/lib/dockmesh/data/dockmesh.db\n' : envText('/var/lib/dockmesh');
  expect(crossings(text, from, to).map(({ code }) => code)).toEqual(codes);
});
