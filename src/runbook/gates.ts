import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import { requireStrict, requireStrictRequest } from '../version/strict.ts';
import type { Version } from '../version/version.ts';
import type { Wish } from './wish.ts';

type Gated = Pick<Profile, 'release' | 'title'>;

/**
 * What needs nobody's answer, asked before any connection is made and before a local tarball is opened: whether upgrades are
 * enabled, whether the channel is allowed, whether the version is one.
 */
export function requireAllowed(
  profile: Gated,
  wish: Pick<Wish, 'to' | 'tarball' | 'channel' | 'source' | 'mirrors'>,
): void {
  const { release, title } = profile;
  if (!release.enabled) {
    throw new RefitError('E_UPGRADES_DISABLED', `Cannot upgrade ${title}: its profile says enabled: false`, {
      hint: 'whoever disabled it knows why; release.enabled: true in /etc/refit/<product>.yaml enables it',
    });
  }
  channelOf(profile, wish);
  if (release.manifest !== undefined)
    for (const source of [wish.source, ...(wish.mirrors ?? [])]) requireSecureSource(source);
  if (release.versions === 'semver' && wish.tarball === undefined) requireStrictRequest(wish.to);
}

/** Everything of a product with signed manifests comes by https, but from this machine itself. */
function requireSecureSource(source: string | undefined): void {
  if (source === undefined || !/^http:/i.test(source)) return;
  const host = URL.parse(source)?.hostname ?? '';
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host)) return;
  throw new RefitError('E_SOURCE_INVALID', `Cannot use --source ${source}: saw http, expected https`, {
    hint: 'a mirror by https, a folder on this machine, or a server on loopback',
    facts: { host },
  });
}

/** The channel a release must be of: the one that was asked for, else the first that is allowed. Undefined: there are none. */
export function channelOf({ release, title }: Gated, { channel }: Pick<Wish, 'channel'>): string | undefined {
  const { channels = [] } = release;
  if (channel === undefined) return channels[0];
  if (channels.includes(channel)) return channel;
  const expected = channels.length === 0 ? 'none: its profile names no channels' : `one of ${channels.join(', ')}`;
  throw new RefitError(
    'E_CHANNEL_REFUSED',
    `Cannot upgrade ${title} from the channel ${channel}: expected ${expected}`,
    {
      hint: 'release.channels in /etc/refit/<product>.yaml says which are allowed',
      facts: { channel },
    },
  );
}

/** A version of this product, the installed one or a release's, where its profile wants them strict. */
export function requireStrictly({ release }: Gated, text: string, what: string): Version | undefined {
  return release.versions === 'semver' ? requireStrict(text, what) : undefined;
}
