import { describe, expect, test } from 'vitest';
import { exitOf, RefitError } from '../../src/errors.ts';
import { channelOf, requireAllowed, requireStrictly } from '../../src/runbook/gates.ts';
import type { Wish } from '../../src/runbook/wish.ts';
import { builtin } from './facts.ts';
import { WISH } from './workbench.ts';

type Release = Partial<Awaited<ReturnType<typeof builtin>>['release']>;

async function refused(release: Release, wish: Partial<Wish>): Promise<{ code: string; exit: number } | undefined> {
  const profile = await builtin('sample');
  try {
    requireAllowed({ ...profile, release: { ...profile.release, ...release } }, { ...WISH, ...wish });
    return undefined;
  } catch (error) {
    if (error instanceof RefitError) return { code: error.code, exit: exitOf(error) };
    throw error;
  }
}

describe('the gates', () => {
  test('of a profile that says nothing are open', async () => {
    expect(await refused({}, { to: 'v0.2.13' })).toBeUndefined();
  });

  test.each<[string, Release, Partial<Wish>, string, number]>([
    ['disabled', { enabled: false }, {}, 'E_UPGRADES_DISABLED', 4],
    ['disabled, and a tarball', { enabled: false }, { tarball: '/x.tar.gz' }, 'E_UPGRADES_DISABLED', 4],
    ['a channel where there is none', {}, { channel: 'beta' }, 'E_CHANNEL_REFUSED', 4],
    ['another channel', { channels: ['stable'] }, { channel: 'beta' }, 'E_CHANNEL_REFUSED', 4],
    ['the same in other letters', { channels: ['stable'] }, { channel: 'Stable' }, 'E_CHANNEL_REFUSED', 4],
    ['a v', { versions: 'semver' }, { to: 'v0.2.13' }, 'E_VERSION_UNPARSABLE', 3],
    ['blanks', { versions: 'semver' }, { to: ' 0.2.13' }, 'E_VERSION_UNPARSABLE', 3],
  ])('refuse %s', async (_title, release, wish, code, exit) => {
    expect(await refused(release, wish)).toEqual({ code, exit });
  });

  test('the first channel is meant where nobody says which', async () => {
    const profile = await builtin('sample');
    const two = { ...profile, release: { ...profile.release, channels: ['stable', 'beta'] } };
    expect(channelOf(two, WISH)).toBe('stable');
    expect(channelOf(two, { ...WISH, channel: 'beta' })).toBe('beta');
    expect(channelOf(profile, WISH)).toBeUndefined();
  });

  test('hold for versions that are found, too', async () => {
    const profile = await builtin('sample');
    const strict = { ...profile, release: { ...profile.release, versions: 'semver' as const } };
    expect(requireStrictly(profile, 'v0.2.9', 'the installed version')).toBeUndefined();
    expect(requireStrictly(strict, '0.2.9', 'the installed version')?.number).toBe('0.2.9');
    expect(() => requireStrictly(strict, 'dev', 'the installed version')).toThrow('the installed version');
  });
});
