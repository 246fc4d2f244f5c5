import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Profile } from '../../src/product/schema.ts';
import type { Found } from '../../src/runbook/find.ts';
import { type Way, wayTo } from '../../src/runbook/way.ts';
import type { Wish } from '../../src/runbook/wish.ts';
import { scratch } from '../fixtures/scene.ts';
import { type Bench, bench } from './workbench.ts';

const TAGS = ['2.4.6', '2.4.14', '2.5.0', '2.5.15', '2.6.11', '2.7.4', '3.0.0', 'nightly', '2.6.12-rc.1'];

let here: Bench;
beforeAll(async () => {
  here = await bench({ shared: true });
});

type Upgrades = Partial<Profile['upgrades']>;

const releasesOf = (tags: readonly string[]): string => {
  const folder = scratch();
  for (const tag of tags) {
    fs.mkdirSync(path.join(folder, tag), { recursive: true });
    fs.writeFileSync(path.join(folder, tag, 'sample_linux_amd64.tar.gz'), 'x');
  }
  return folder;
};

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly upgrades?: Upgrades;
  readonly tags?: readonly string[];
  readonly wish?: Partial<Wish>;
}

async function ask({ from, to, upgrades, tags = TAGS, wish: more }: Asked): Promise<Way> {
  const { workshop } = here;
  const wish: Wish = { ...here.wish, source: releasesOf(tags), to, ...more };
  const profile: Profile = {
    ...here.found.profile,
    upgrades: { policy: 'one-minor-at-a-time', advisories: [], ...upgrades },
  };
  const found: Found = { ...here.found, profile };
  const chosen = {
    tag: to,
    describe: 'a test',
    list: { assets: [] },
    archive: () => undefined,
  };
  return wayTo(workshop, wish, found, { version: from }, { chosen, passedBy: [], tooNew: [] });
}

const tagsOf = ({ releases }: Way): readonly string[] => releases.map(({ tag }) => tag);
const codesOf = ({ findings }: Way): readonly string[] =>
  findings.map(({ code, severity, waived }) => `${severity} ${code}${waived ? ' waived' : ''}`);

test('over the newest patch of each minor, each chosen by its tag from the source', async () => {
  const way = await ask({ from: '2.4.6', to: '2.7.4' });
  expect(tagsOf(way)).toEqual(['2.5.15', '2.6.11', '2.7.4']);
  expect(way.releases[0].archive('amd64')?.asset.name).toBe('sample_linux_amd64.tar.gz');
});

test('stopped at one of its hops; at another version it cannot', async () => {
  expect(tagsOf(await ask({ from: '2.4.6', to: '2.7.4', wish: { stopAt: 'v2.6.11' } }))).toEqual(['2.5.15', '2.6.11']);
  for (const stopAt of ['2.6.10', '2.6', '2.4.6', 'soon'])
    await expect(ask({ from: '2.4.6', to: '2.7.4', wish: { stopAt } })).rejects.toMatchObject({
      code: 'E_USAGE',
      message: `Cannot stop at ${stopAt}: the way goes over 2.5.15, 2.6.11, 2.7.4`,
    });
});

test('one digest cannot be that of several releases', async () => {
  const sha256 = 'a'.repeat(64);
  await expect(ask({ from: '2.4.6', to: '2.7.4', wish: { sha256 } })).rejects.toMatchObject({ code: 'E_USAGE' });
  expect(tagsOf(await ask({ from: '2.6.11', to: '2.7.4', wish: { sha256 } }))).toEqual(['2.7.4']);
});

describe('refused, with the first impossible step, the reason and what to type', () => {
  test.each<[string, Asked, { message: string; hint: string; nearest?: string; kind?: string }]>([
    [
      'a major without consent',
      { from: '2.6.11', to: '3.0.0', upgrades: { policy: 'semver-drop-in' } },
      {
        message: '2.7.4 to 3.0.0: 2.7.4 to 3.0.0 is another major version: it wants consent',
        hint: '--allow-major consents to it; refit upgrade --to 2.7.4 is as near',
        nearest: '2.7.4',
        kind: 'major',
      },
    ],
    [
      'below the floor',
      { from: '2.4.6', to: '2.5.0', upgrades: { policy: 'window', floor: '2.5.1' } },
      {
        message: '2.4.6 to 2.5.0: 2.5.0 is below min_version 2.5.1',
        hint: 'refit upgrade --to 2.5.15 is as near',
        nearest: '2.5.15',
        kind: 'below-floor',
      },
    ],
    [
      'a prerelease that was only named, where the vendor has a table',
      { from: '2.6.11', to: '2.6.12-rc.1' },
      { message: '2.6.12-rc.1 is a prerelease', hint: '--allow-prerelease consents', kind: 'to-prerelease' },
    ],
    [
      'what a rule keeps away, where nothing leads around',
      {
        from: '2.6.11',
        to: '2.7.4',
        upgrades: { advisories: [{ code: 'withdrawn', avoid: '2.7.x', why: 'it eats data' }] },
      },
      { message: 'it eats data: not to 2.7.x (withdrawn)', hint: 'refit path --help', kind: 'advisory' },
    ],
    [
      'what is refused until it is waived',
      {
        from: '2.6.11',
        to: '2.7.4',
        upgrades: { advisories: [{ code: 'ports', avoid: '2.7.x', severity: 'inhibit', why: 'other ports' }] },
      },
      { message: 'other ports', hint: '--waive ports where it does not concern this host', kind: 'advisory' },
    ],
    [
      'another tool',
      {
        from: '2.7.4',
        to: '3.0.0',
        upgrades: { advisories: [{ code: 'tool', from: '2.x', to: '3.x', migration: true, why: 'migrate moves it' }] },
      },
      { message: 'migrate moves it (tool)', hint: 'refit path', kind: 'migration-required' },
    ],
  ])('%s', async (_, asked, { message, hint, nearest, kind }) => {
    await expect(ask(asked)).rejects.toMatchObject({
      code: 'E_UPGRADE_PATH',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
      facts: { from: asked.from, to: asked.to, ...(nearest && { nearest }), ...(kind && { kind }) },
    });
  });

  test('an older version, as far back as the window reaches', async () => {
    const upgrades: Upgrades = { policy: 'window', grace: 1 };
    await expect(ask({ from: '2.7.4', to: '2.4.6', upgrades })).rejects.toMatchObject({
      code: 'E_DOWNGRADE',
      message: expect.stringContaining('2.4.6 is 3 minors back, rollback_grace is 1'),
      hint: expect.stringContaining('refit upgrade --to 2.6.11 is as far back as the policy lets it'),
    });
    await expect(ask({ from: '2.7.4', to: '2.6.11', upgrades: {} })).rejects.toMatchObject({
      code: 'E_DOWNGRADE',
      message: expect.stringContaining('an old Sample server on new data'),
    });
  });
});

test('a window lets an older version follow where somebody asked for one, and says so', async () => {
  const upgrades: Upgrades = { policy: 'window' };
  const way = await ask({ from: '2.7.4', to: '2.6.11', upgrades });
  expect([tagsOf(way), codesOf(way)]).toEqual([['2.6.11'], ['warning older-version']]);
  await expect(ask({ from: '2.7.4', to: '2.6.11', upgrades, wish: { to: 'latest' } })).rejects.toMatchObject({
    code: 'E_DOWNGRADE',
  });
});

test('advice is told on its steps, bends the way only until it is waived, and rules always do', async () => {
  const upgrades: Upgrades = {
    advisories: [
      { code: 'ports', from: '2.4.x', to: '2.5.x', before: 'open port 9001', why: 'it listens elsewhere' },
      { code: 'patch', from: '2.4.x', to: '2.5.x', require: '2.5.15', why: 'a bug' },
      { code: 'old-data', from: '2.4.x', avoid: '2.5.0', severity: 'inhibit', why: 'an index' },
      { code: 'read-me', to: '2.7.x', after: 'read it', severity: 'info', why: 'it is new' },
    ],
  };
  const far = await ask({ from: '2.4.6', to: '2.7.4', upgrades });
  expect(tagsOf(far)).toEqual(['2.5.15', '2.6.11', '2.7.4']);
  expect(codesOf(far)).toEqual(['warning ports', 'ok patch', 'ok old-data', 'info read-me']);
  const early: Asked = { from: '2.4.6', to: '2.5.0', upgrades: { advisories: upgrades.advisories?.slice(2) ?? [] } };
  await expect(ask(early)).rejects.toMatchObject({ code: 'E_UPGRADE_PATH' });
  const waived = await ask({ ...early, wish: { waived: ['old-data'] } });
  expect([tagsOf(waived), codesOf(waived)]).toEqual([['2.5.0'], ['inhibit old-data waived']]);
});

test('what lies between decides only where it is known: a file that holds one release is no list of all', async () => {
  const pinned = path.join(scratch(), 'refit.pin');
  await expect(ask({ from: '2.5.15', to: '2.7.4', wish: { pinned } })).rejects.toMatchObject({
    code: 'E_UPGRADE_PATH',
    message: expect.stringContaining(`a release of 2.6 comes first, and ${pinned} holds none`),
    hint: expect.stringContaining('--also 2.6.x --bundle'),
  });
  expect(tagsOf(await ask({ from: '2.5.15', to: '2.6.11', wish: { pinned } }))).toEqual(['2.6.11']);
  expect(tagsOf(await ask({ from: '2.5.15', to: '2.7.4', tags: ['2.5.15', '2.7.4'] }))).toEqual(['2.7.4']);
  await expect(ask({ from: '2.5.15', to: '2.999999.0', wish: { pinned } })).rejects.toMatchObject({
    code: 'E_UPGRADE_PATH',
  });
});

test('a catalogue of garbage, duplicates and a thousand prereleases is only a catalogue', async () => {
  const rcs = Array.from({ length: 1000 }, (_, index) => `2.6.${index}-rc.1`);
  const tags = [...TAGS, 'v2.5.15', 'v2.6.11', 'latest', '2.6', '2.6.9.1', '..x', ...rcs];
  const way = await ask({ from: '2.4.6', to: '2.7.4', tags });
  expect(tagsOf(way).map((tag) => tag.replace('v', ''))).toEqual(['2.5.15', '2.6.11', '2.7.4']);
});

test('another build of the same version is gone to, and told', async () => {
  const way = await ask({ from: '2.5.5+b1', to: '2.5.5+b2' });
  expect([tagsOf(way), codesOf(way)]).toEqual([['2.5.5+b2'], ['info other-build']]);
});
