import { profileManual } from '../product/builtin.ts';

/** The commented profile that `refit docs profile` prints. */
export function manualOfProfiles(): Promise<string> {
  return profileManual();
}
