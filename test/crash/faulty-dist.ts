import { main as refit } from '../../src/main.ts';
import { injectedEffects } from './faulty-effects.ts';

/** As faulty-main.ts, for the place of dist/main.js in an installed refit. */
export function main(): Promise<void> {
  return refit(injectedEffects());
}
