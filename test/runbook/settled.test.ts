import { expect, test } from 'vitest';
import { lookOf } from '../../src/cli/flags.ts';
import { settled } from '../../src/runbook/settled.ts';

const KINDS = { '/b.refit.tar': 'bundle', '/a.tar.gz': 'file', '/releases': 'directory' } as const;
const releases = { localKind: async (path: string) => KINDS[path as keyof typeof KINDS] };

test.each([
  [{ fromTarball: '/b.refit.tar' }, { tarball: undefined, source: '/b.refit.tar' }],
  [{ fromTarball: '/a.tar.gz' }, { tarball: '/a.tar.gz', source: undefined }],
  [{ fromTarball: '/gone' }, { tarball: '/gone', source: undefined }],
  [{ source: '/b.refit.tar' }, { tarball: undefined, source: '/b.refit.tar' }],
  [{ source: '/a.tar.gz' }, { tarball: '/a.tar.gz', source: undefined }],
  [{ source: '/releases' }, { tarball: undefined, source: '/releases' }],
  [{ source: 'https://mirror.test' }, { tarball: undefined, source: 'https://mirror.test' }],
  [{}, { tarball: undefined, source: undefined }],
])('%j means %j', async (flags, expected) => {
  const shop = { releases } as unknown as Parameters<typeof settled>[0];
  expect(await settled(shop, lookOf({ workingDirectory: '/' }, flags))).toMatchObject(expected);
});
