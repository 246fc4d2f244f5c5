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
