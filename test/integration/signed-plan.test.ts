import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealed } from '../../src/document/canonical.ts';
import type { PlanDocument } from '../../src/document/plan.ts';
import { expectToFit, misfits } from '../support/json-schema.ts';
import { linesOf, ofRun } from './support/journal.ts';
import { type Before, expectNew, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';

const SECRET = 'correct-horse-battery';
const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;

let scene: Scene;
let before: Before;
let file: string;
let written: Outcome;

beforeAll(async () => {
  scene = await openScene({ versions: ['v0.2.8', OLD, 'v0.2.10', NEW], env: [`SAMPLE_API_SECRET=${SECRET}`] });
  before = await look(scene);
  file = path.join(scene.directory, 'plan.json');
  written = await write(file);
});
afterAll(() => scene[Symbol.asyncDispose]());

const write = (out: string, ...words: string[]): Promise<Outcome> =>
  scene.refit(['plan', '--to', 'v0.2.x', '--source', scene.releases, '--out', out, ...words]);

const documentIn = (name: string): PlanDocument => JSON.parse(fs.readFileSync(name, 'utf8'));

/** The plan with something else in it, in a file of its own; sealed again where whoever did it knows how. */
function other(change: (document: PlanDocument) => object, seal = true): string {
  const changed = change(documentIn(file));
  return put(JSON.stringify(seal ? sealed(changed) : changed));
}

function put(text: string | Buffer): string {
  const name = path.join(scene.directory, 'other.json');
  fs.writeFileSync(name, text);
  return name;
}

/** `upgrade --plan` refuses with that exit and code, in those words, and touches nothing. */
async function expectRefusal(
  name: string,
  exit: number,
  code: string,
  says: RegExp,
  ...words: string[]
): Promise<void> {
  const refused = await scene.refit(['upgrade', '--yes', '--plan', name, '-o', 'json', ...words]);
  expect({ exit: refused.exit, ...JSON.parse(refused.stdout) }).toEqual({
    exit,
    error: expect.objectContaining({ code, message: expect.stringMatching(says), hint: expect.any(String) }),
  });
  expectToFit('events', refused.stdout);
  await expectUntouched(scene, before);
}

test('a plan is written for its reader alone, says how to go on, and is what -o json says', async () => {
  const document = documentIn(file);
  expect(written).toMatchObject({ exit: 0, stderr: '' });
  expect(written.stdout.trimEnd().split('\n').slice(-3)).toEqual([
    `written to ${file}:`,
    document.digest,
    `next: refit upgrade --plan ${file}`,
  ]);
  expect((fs.statSync(file).mode & 0o777).toString(8)).toBe('600');
  const { stdout } = await scene.refit(['plan', '--to', 'v0.2.x', '--source', scene.releases, '-o', 'json']);
  expectToFit('plan', stdout);
  // But for what is measured anew each time.
  const { findings, digest, ...rest } = JSON.parse(stdout) as PlanDocument;
  expect({ ...rest, findings: findings.map(({ code }) => code) }).toEqual({
    ...without(document),
    findings: document.findings.map(({ code }) => code),
  });
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(misfits('plan', document)).toEqual([]);
  await expectUntouched(scene, before);
});

function without({ digest: _, ...rest }: PlanDocument): Omit<PlanDocument, 'digest'> {
  return rest;
}

test('it names the bytes and the steps, and neither a secret nor the ID of the machine', () => {
  const text = fs.readFileSync(file, 'utf8');
  const document = documentIn(file);
  expect(document).toMatchObject({
    format: 1,
    from: OLD,
    to: NEW,
    asked: 'v0.2.x',
    wish: { to: NEW, prefix: scene.prefix },
    archives: expect.arrayContaining([
      expect.objectContaining({ name: ARCHIVE, arch: ARCH, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }),
    ]),
    hops: [
      {
        from: OLD,
        to: NEW,
        steps: expect.arrayContaining([expect.objectContaining({ kind: 'swap-files', down: true })]),
      },
    ],
    pastReturn: [{ version: NEW, back: 'refit rollback, for 7 days and the last 3' }],
    components: expect.arrayContaining([{ name: 'sample', path: `${scene.prefix}/bin/sample`, from: OLD, to: NEW }]),
  });
  expect(text).not.toContain(SECRET);
  const id = fs.existsSync('/etc/machine-id') ? fs.readFileSync('/etc/machine-id', 'utf8').trim() : '';
  if (id !== '') expect(text).not.toContain(id);
});

test('a file that is something else is not written over; an older plan is', async () => {
  const precious = put('{"name":"precious"}');
  const refused = await write(precious);
  expect(refused).toMatchObject({ exit: 4, stderr: expect.stringContaining('saw another file there') });
  expect(fs.readFileSync(precious, 'utf8')).toBe('{"name":"precious"}');
  expect(await write(scene.directory)).toMatchObject({ exit: 4, stderr: expect.stringContaining('a directory there') });
  const old = other((document) => ({ ...document, format: 0 }), false);
  expect(await write(old)).toMatchObject({ exit: 0 });
  expect(documentIn(old).format).toBe(1);
});

test('nothing to do: nothing to sign off, and no file', async () => {
  const out = path.join(scene.directory, 'none.json');
  const { exit, stdout } = await scene.refit([
    'plan',
    '--to',
    OLD,
    '--source',
    scene.releases,
    '--out',
    out,
    '-o',
    'json',
  ]);
  expect(exit).toBe(0);
  expectToFit('plan', stdout);
  expect(fs.existsSync(out)).toBe(false);
});

describe('refused, with nothing touched', () => {
  test('one that is not there', () => expectRefusal('/no/such/plan.json', 3, 'E_PLAN_INVALID', /saw no file/));
  test('an edited one', () =>
    expectRefusal(
      other((one) => ({ ...one, to: 'v0.2.10' }), false),
      3,
      'E_PLAN_INVALID',
      /it was edited/,
    ));
  test('half of one', () => {
    const text = fs.readFileSync(file);
    return expectRefusal(put(text.subarray(0, text.length / 2)), 3, 'E_PLAN_INVALID', /no JSON, or not all of it/);
  });
  test('garbage', () => expectRefusal(put('\u0000\u0001{{{'), 3, 'E_PLAN_INVALID', /no JSON/));
  test('a huge one', () =>
    expectRefusal(put(Buffer.alloc(16 * 2 ** 20 + 1, 0x20)), 3, 'E_PLAN_INVALID', /more than 16777216 bytes/));
  test('one of a newer refit', () =>
    expectRefusal(
      other((one) => ({ ...one, format: 2, more: true })),
      3,
      'E_PLAN_NEWER',
      /the format 2, expected 1/,
    ));
  test('one of another host', () => {
    const host = { id: 'f'.repeat(64), name: 'web2' };
    return expectRefusal(
      other((one) => ({ ...one, host })),
      4,
      'E_PLAN_ELSEWHERE',
      /saw a plan of web2/,
    );
  });
  test('one of another installation', async () => {
    await expectRefusal(
      other((one) => ({ ...one, installation: 'staging' })),
      4,
      'E_PLAN_ELSEWHERE',
      /saw a plan of staging \(sample\), expected sample \(sample\)/,
    );
    await expectRefusal(file, 4, 'E_PLAN_ELSEWHERE', /--installation staging/, '--installation', 'staging');
    const elsewhere = other((one) => ({ ...one, wish: { ...one.wish, prefix: '/srv/other' } }));
    await expectRefusal(elsewhere, 4, 'E_PLAN_ELSEWHERE', /saw a plan of \/srv\/other/);
  });
  test('one of a product that is not here any more', () =>
    expectRefusal(
      other((one) => ({ ...one, wish: { ...one.wish, product: 'dockmesh' } })),
      4,
      'E_PLAN_CHANGED',
      /the installation, which is not there/,
    ));
  test('one to what is below the installed version', () =>
    expectRefusal(
      other((one) => ({ ...one, to: 'v0.2.8', wish: { ...one.wish, to: 'v0.2.8' } })),
      4,
      'E_DOWNGRADE',
      /from v0\.2\.9 down to v0\.2\.8/,
    ));
  test('one that rests on another version', () =>
    expectRefusal(
      other((one) => ({ ...one, facts: [{ what: 'the installed version', is: 'v0.2.8' }, ...one.facts.slice(1)] })),
      4,
      'E_PLAN_CHANGED',
      /the installed version, which was v0\.2\.8 and is v0\.2\.9/,
    ));
  test('one to a version that it does not name', () =>
    expectRefusal(
      other((one) => ({ ...one, wish: { ...one.wish, to: 'v0.2.10' } })),
      4,
      'E_PLAN_CHANGED',
      /the way, which was v0\.2\.9 -> v0\.2\.13 and is v0\.2\.9 -> v0\.2\.10/,
    ));
  test('another wish beside it', () => expectRefusal(file, 2, 'E_USAGE', /saw --plan \S+ and --to/, '--to', NEW));
});

test('the host changed: what did is named, and nothing touched', async () => {
  const { envFile } = scene.installed;
  const text = fs.readFileSync(envFile, 'utf8');
  fs.writeFileSync(envFile, `${text}SAMPLE_MORE=1\n`);
  const refused = await scene.refit(['upgrade', '--yes', '--plan', file]);
  fs.writeFileSync(envFile, text);
  expect(refused).toMatchObject({
    exit: 4,
    stderr: expect.stringContaining(`no longer as it was: the env file ${envFile}`),
  });
  expect(refused.stderr).toContain('E_PLAN_CHANGED');
});

test('the release was published again with other bytes', async () => {
  const list = path.join(scene.releases, NEW, 'checksums.txt');
  const text = fs.readFileSync(list, 'utf8');
  fs.writeFileSync(list, text.replaceAll(/^[0-9a-f]{64}/gm, 'e'.repeat(64)));
  await expectRefusal(file, 4, 'E_PLAN_CHANGED', new RegExp(`the digest of ${ARCHIVE.replaceAll('.', '\\.')}`));
  fs.writeFileSync(list, text);
});

test('what refit.yaml wishes for does not count beside a plan; a dry run shows what would be run', async () => {
  fs.writeFileSync(path.join(scene.directory, 'refit.yaml'), 'to: v0.2.10\nwaive: [low-space]\n');
  const { exit, stdout } = await scene.refit(['upgrade', '--dry-run', '--plan', file]);
  expect(exit).toBe(0);
  expect(stdout).toContain(`Upgrade sample: ${OLD} -> ${NEW}`);
  expect(stdout).toContain(`\n  plan    ${documentIn(file).digest}\n`);
  await expectUntouched(scene, before);
});

// The last: it upgrades.
test('what was signed off is run, its digest journaled; and a second time there is nothing left of it', async () => {
  const { digest } = documentIn(file);
  const asked = await scene.refit(['upgrade', '--plan', file]);
  expect(asked).toMatchObject({ exit: 2, stderr: expect.stringContaining('--yes') });
  const { exit, stdout } = await scene.refit(['upgrade', '--yes', '--plan', file, '-o', 'ndjson']);
  expect(exit).toBe(0);
  expectToFit('events', stdout);
  await expectNew(scene, before);
  const [begin] = linesOf(ofRun(scene, 'journal.jsonl'));
  expect((begin?.['plan'] as { facts?: object } | undefined)?.facts).toMatchObject({
    document: digest,
    target: { pins: { [ARCHIVE]: documentIn(file).archives[0]?.sha256 } },
  });
  const status = await scene.refit(['status', '-o', 'json']);
  expectToFit('status', status.stdout);
  const again = await scene.refit(['upgrade', '--yes', '--plan', file]);
  expect(again).toMatchObject({
    exit: 4,
    stderr: expect.stringContaining(`the installed version, which was ${OLD} and is ${NEW}`),
  });
});
