import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Before, expectError, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const BUILTIN = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');

let scene: Scene;
let before: Before;
let connections = 0;
const server = http.createServer((_request, response) => response.writeHead(404).end());

beforeAll(async () => {
  scene = await openScene({ versions: [OLD, NEW] });
  before = await look(scene);
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  server.close();
  await scene[Symbol.asyncDispose]();
});

/** The built-in profile with other words about its releases, in a file of the scene's. */
function profileSaying(words: string, pattern?: string): string {
  const file = path.join(scene.directory, 'gated.yaml');
  const text = fs.readFileSync(BUILTIN, 'utf8').replace('\nrelease:\n', `\nrelease:\n  ${words}\n`);
  fs.writeFileSync(file, pattern === undefined ? text : text.replace(/\n {4}pattern: .*/, `\n    pattern: ${pattern}`));
  return file;
}

const ask = (profile: string, ...words: string[]) => {
  const { port } = server.address() as AddressInfo;
  const source = `http://127.0.0.1:${port}`;
  return scene.refit(['upgrade', '--yes', '--source', source, '--profile', profile, ...words]);
};

const OURS = "'^sample v(?<version>\\S+) \\(commit (?<commit>[^,]+),'";

test.each([
  ['disabled', 'enabled: false', OURS, [], 4, 'E_UPGRADES_DISABLED', 'enabled: false'],
  ['another channel', 'channels: [stable]', OURS, ['--channel', 'beta'], 4, 'E_CHANNEL_REFUSED', 'one of stable'],
  ['no channels at all', 'versions: tags', OURS, ['--channel', 'beta'], 4, 'E_CHANNEL_REFUSED', 'names no channels'],
  ['a v', 'versions: semver', OURS, ['--to', 'v0.2.13'], 3, 'E_VERSION_UNPARSABLE', 'saw "v0.2.13"'],
  ['blanks', 'versions: semver', OURS, ['--to', ' 0.2.13'], 3, 'E_VERSION_UNPARSABLE', 'saw " 0.2.13"'],
  ['a v in a range', 'versions: semver', OURS, ['--to', 'v0.2.x'], 3, 'E_VERSION_UNPARSABLE', 'saw "v0.2.x"'],
  [
    'a v of what is installed',
    'versions: semver',
    undefined,
    ['--to', '0.2.13'],
    3,
    'E_VERSION_UNPARSABLE',
    'the installed',
  ],
] as const)('%s: refused before any connection', async (_title, words, pattern, flags, exit, code, saw) => {
  expectError(await ask(profileSaying(words, pattern), ...flags), { exit, code, saw, next: /./ });
  expect(connections).toBe(0);
  await expectUntouched(scene, before);
});

test('a tarball is refused before it is opened', async () => {
  const install = [
    'install',
    '--yes',
    '--from-tarball',
    '/nowhere.tar.gz',
    '--profile',
    profileSaying('enabled: false'),
  ];
  expectError(await scene.refit(install), { exit: 4, code: 'E_UPGRADES_DISABLED', saw: 'enabled: false', next: /./ });
});

test('where the gates are open it does connect', async () => {
  expectError(await ask(profileSaying('channels: [stable]')), {
    exit: 5,
    code: 'E_SOURCE_UNREACHABLE',
    saw: 'status 404',
    next: /./,
  });
  expect(connections).toBeGreaterThan(0);
});
