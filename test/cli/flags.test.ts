import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lookOf, texts, truth, wholeTexts, wishOf } from '../../src/cli/flags.ts';
import { realHost } from '../data/workbench.ts';
import { scratch } from '../host/scratch.ts';
import { recordingTerminal } from './support/terminal.ts';

const context = (workingDirectory: string) => ({
  terminal: recordingTerminal(),
  output: 'table' as const,
  workshop: () => Promise.reject(new Error('no workshop is needed')),
  environment: {},
  workingDirectory,
  typed: 'refit plan',
  given: new Set<string>(),
});

test('paths mean what they meant where they were typed', () => {
  const flags = { profile: 'mine.yaml', prefix: '../p', source: 'releases', fromTarball: '/a/b.tar.gz' };
  expect(lookOf(context('/home/ada'), flags)).toMatchObject({
    profile: '/home/ada/mine.yaml',
    prefix: '/home/p',
    source: '/home/ada/releases',
    tarball: '/a/b.tar.gz',
    to: 'latest',
  });
});

test('a source that is a URL stays one', () => {
  expect(lookOf(context('/'), { source: 'https://mirror.test/r' }).source).toBe('https://mirror.test/r');
});

test('several sources: the first, and its mirrors in their order', () => {
  const flags = { source: ['https://a.test/r', 'b', 'http://c.test'] };
  expect(lookOf(context('/srv'), flags)).toMatchObject({
    source: 'https://a.test/r',
    mirrors: ['/srv/b', 'http://c.test'],
  });
  expect(lookOf(context('/srv'), { source: 'b' })).not.toHaveProperty('mirrors');
});

test('a rate is bytes per second', () => {
  expect(lookOf(context('/'), { copyRate: '50M' }).copyRate).toBe(50 * 1024 ** 2);
  expect(lookOf(context('/'), {}).copyRate).toBeUndefined();
  expect(() => lookOf(context('/'), { copyRate: 'fast' })).toThrow('Cannot read --copy-rate: saw "fast"');
  expect(lookOf(context('/'), { limitRate: '50K' }).limitRate).toBe(50 * 1024);
  expect(() => lookOf(context('/'), { limitRate: '1K' })).toThrow('Cannot read --limit-rate: saw "1K"');
});

test.each(['abc', 'g'.repeat(64)])('--sha256 %s is none', (sha256) => {
  expect(() => lookOf(context('/'), { sha256 })).toThrow('expected 64 hexadecimal digits');
});

test.each([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['a,b', 'c'],
    ['a', 'b', 'c'],
  ],
  ['a, b,', ['a', 'b']],
  [undefined, []],
])('several, however they come: %j', (waive, codes) => {
  expect(texts({ waive }, 'waive')).toEqual(codes);
});

test.each([
  [
    ['a,b', ' c', ''],
    ['a,b', ' c'],
  ],
  ['a,b', ['a,b']],
  ['', []],
  [undefined, []],
])('several files, whose names may hold anything: %j', (signature, names) => {
  expect(wholeTexts({ signature }, 'signature')).toEqual(names);
});

test.each([
  [true, true],
  [false, false],
  [undefined, false],
  ['no', false],
])('a switch that holds %j', (yes, on) => {
  expect(truth({ yes }, 'yes')).toBe(on);
});

test('the token is read only where it is wanted', async () => {
  const directory = scratch();
  const here = context(directory);
  const { files } = realHost();
  const flags = { tokenFile: 'token' };
  expect(lookOf(here, flags).token).toBeUndefined();
  fs.writeFileSync(path.join(directory, 'token'), 'dmt_0123456789\n');
  expect((await wishOf(here, files, flags)).token).toBe('dmt_0123456789');
});

test.each(['short', 'two words here', 'a\x1b[2Jcontrol'])('%j is no token, and is not repeated', async (token) => {
  const directory = scratch();
  fs.writeFileSync(path.join(directory, 'token'), token);
  const wish = wishOf(context(directory), realHost().files, { tokenFile: 'token' });
  await expect(wish).rejects.toMatchObject({ code: 'E_CONFIG_INVALID' });
  await expect(wish).rejects.not.toThrow(token);
});
