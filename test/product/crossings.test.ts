import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { crossingsBetween } from '../../src/product/crossings.ts';
import { detect } from '../../src/product/detect.ts';
import { addKeys } from '../../src/product/env-edit.ts';
import { requireVersion } from '../../src/version/version.ts';
import { builtin, initInput } from './given.ts';

/** One way of one installation: `full` without the keys in `lacks` and with the lines in `adds`. */
interface Row {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Of the unit; default: dockmesh. */
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly lacks?: readonly string[];
  readonly adds?: readonly string[];
  /** Code and severity, in order. */
  readonly expect: readonly string[];
  readonly copies?: readonly string[];
  readonly account?: string;
  /** Of the env file, where a value is known. */
  readonly diff?: readonly string[];
}

const folder = path.resolve(import.meta.dirname, '../../fixtures/paths');
const table: { readonly root: string; readonly full: readonly string[]; readonly rows: readonly Row[] } = JSON.parse(
  fs.readFileSync(path.join(folder, 'dockmesh-crossings.json'), 'utf8'),
);
const dockmesh = await builtin('dockmesh');

function crossed({ from, to, user = 'dockmesh', workingDirectory = '', lacks = [], adds = [] }: Row) {
  const lines = [...table.full.filter((line) => !lacks.includes(line.split('=')[0] ?? '')), ...adds];
  const text = lines.map((line) => `${line}\n`).join('');
  const installation = detect(dockmesh, initInput(text, { user, workingDirectory }));
  const found = crossingsBetween(dockmesh, installation, requireVersion(from, 'from'), requireVersion(to, 'to'));
  const added = new Map(
    found.flatMap(({ key, value }) => (key === undefined || value === undefined ? [] : [[key, value] as const])),
  );
  const [account] = found.flatMap((each) => each.account ?? []);
  return {
    expect: found.map(({ code, severity }) => `${code}: ${severity}`),
    copies: found.flatMap(({ copy }) => copy.map((pair) => `${pair.from} -> ${pair.to}`)),
    account: account === undefined ? undefined : `${account.user}:${account.group}`,
    diff: added.size === 0 ? undefined : addKeys(`${table.root}/dockmesh.env`, text, added).diff.trimEnd().split('\n'),
  };
}

test.each(table.rows)('$id', (row) => {
  const { expect: codes, copies, account, diff } = row;
  const found = crossed(row);
  expect({ expect: found.expect, account: found.account, diff: found.diff }).toEqual({ expect: codes, account, diff });
  if (copies !== undefined) expect(found.copies).toEqual(copies);
});

test('a finding says what was seen, since when it is needed, and why', () => {
  const installation = detect(dockmesh, initInput(table.full.join('\n'), { user: '' }));
  const [from, to] = [requireVersion('v0.1.3', 'from'), requireVersion('v0.1.7', 'to')];
  expect(crossingsBetween(dockmesh, installation, from, to)).toEqual([
    expect.objectContaining({
      code: 'service-user',
      measured: 'the service runs as root',
      limit: expect.stringMatching(/^needed since v0\.1\.4: /),
    }),
    expect.objectContaining({ code: 'agent-certificates', measured: 'v0.1.3 to v0.1.7' }),
  ]);
});
