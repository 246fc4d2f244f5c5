import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** The profile of a product by its name, whether or not it is on this host. */
export async function namedProfile(workshop: Workshop, { profile: file }: Wish, product: string): Promise<Profile> {
  const [profile] = (await workshop.profiles(file)).filter((one) => one.product === product);
  if (profile !== undefined) return profile;
  throw new RefitError('E_PROFILE_MISSING', `Cannot find a profile for the product "${product}"`, {
    hint: 'refit docs profile shows how to write one; give it with --profile FILE',
  });
}

/** What a command is about that needs no installation. */
export interface About {
  /** "pin", "bundle". */
  readonly verb: string;
  /** What to type, but for `--product` and its name. */
  readonly typed: string;
}

/** The profile of the product that was named; without a name the only one there is. */
export async function meantProfile(workshop: Workshop, wish: Wish, { verb, typed }: About): Promise<Profile> {
  if (wish.product !== undefined) return namedProfile(workshop, wish, wish.product);
  const all = await workshop.profiles(wish.profile);
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only;
  throw new RefitError(
    'E_USAGE',
    `Cannot tell what to ${verb}: saw no --product, expected one of ${all.map(({ product }) => product).join(', ')}`,
    { hint: `${typed} --product ${only?.product ?? 'NAME'}` },
  );
}
