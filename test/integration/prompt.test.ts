import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, onTerminal, type Terminal } from '../support/pty.ts';
import { runsOf } from './support/journal.ts';
import { type Before, expectNew, expectUntouched, look } from './support/outcome.ts';
import { NEW, openScene, REFIT, type Scene } from './support/scene.ts';

const QUESTION = 'Upgrade sample from v0.2.9 to v0.2.13? [y/N]';
/** ECMA-48: select graphic rendition with a colour. */
const COLOUR = '\x1b[3';

let scene: Scene;
let before: Before;

beforeAll(async () => {
  scene = await openScene();
  before = await look(scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

function typed(words: readonly string[], env: Readonly<Record<string, string>> = {}): Terminal {
  const argv = [process.execPath, REFIT, ...words, '--prefix', scene.prefix] as const;
  return onTerminal(argv, { env: { ...scene.environment, TERM: 'xterm', ...env } });
}

const upgrade = (env?: Readonly<Record<string, string>>): Terminal =>
  typed(['upgrade', '--to', 'v0.2.x', '--source', scene.releases], env);

test.each([
  ['no', 'no\r'],
  ['a bare return', '\r'],
  ['something else', 'certainly\r'],
  ['the end of the input', KEY.endOfFile],
])('%s at the prompt: nothing is changed, exit 4', async (_what, keys) => {
  await using terminal = upgrade();
  await terminal.shows(QUESTION);
  terminal.type(keys);
  expect(await terminal.ended).toBe(4);
  expect(terminal.screen()).toContain('E_DECLINED');
  expect(terminal.screen()).toContain('next: ');
  expect(fs.existsSync(scene.state)).toBe(false);
  await expectUntouched(scene, before);
});

test('the question says when, for whoever has not read the plan', async () => {
  const notBefore = new Date(Date.now() + 3_600_000).toISOString();
  await using terminal = typed(['upgrade', '--to', 'v0.2.x', '--source', scene.releases, '--not-before', notBefore]);
  await terminal.shows('Upgrade sample from v0.2.9 to v0.2.13, not before 20');
  terminal.type('no\r');
  expect(await terminal.ended).toBe(4);
  await expectUntouched(scene, before);
});

test('^C at the prompt: nothing is changed', async () => {
  await using terminal = upgrade();
  await terminal.shows(QUESTION);
  terminal.type(KEY.interrupt);
  expect(await terminal.ended).not.toBe(0);
  expect(runsOf(scene)).toEqual([]);
  await expectUntouched(scene, before);
});

test('an error is in colour on a terminal, and plain where NO_COLOR is set', async () => {
  for (const [env, coloured] of [
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ] as const) {
    await using terminal = typed(['resume'], env);
    expect(await terminal.ended).toBe(4);
    expect(terminal.screen().includes(COLOUR)).toBe(coloured);
  }
});

test('yes at the prompt: upgraded, with a line per step; nothing of it in colour under NO_COLOR', async () => {
  await using terminal = upgrade({ NO_COLOR: '1' });
  await terminal.shows(QUESTION);
  terminal.type('yes\r');
  expect(await terminal.ended).toBe(0);
  const screen = terminal.screen();
  expect(screen).not.toContain(COLOUR);
  expect(screen).toMatch(/ok\s+1\/\d\d Download/);
  expect(screen).toContain('sample is active (running) at v0.2.13 and answers\r\n');
  await expectNew(scene, before, NEW);
});
