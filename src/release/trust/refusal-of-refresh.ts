import { RefitError } from '../../errors.ts';
import { shownUrl } from '../shown-url.ts';

/** What came proves nothing. `saw` and `expected` as in every message. */
export function refused(mirror: string, saw: string, expected: string, cause?: unknown): RefitError {
  return new RefitError(
    'E_TRUST_REFUSED',
    `Cannot refresh the trusted root from ${shownUrl(mirror)}: saw ${saw}, expected ${expected}`,
    {
      hint: 'what was trusted before stays so; try again later, from another network: refit trust refresh',
      facts: { mirror: shownUrl(mirror) },
      cause,
    },
  );
}
