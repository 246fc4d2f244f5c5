import { RefitError } from '../../errors.ts';
import type { Command } from '../context.ts';

/** By itself it does nothing: what to do with the bundle must be said. */
export const bundle: Command = () => {
  throw new RefitError('E_USAGE', 'Cannot tell what to do with a bundle: expected inspect or verify', {
    hint: 'refit bundle inspect FILE; refit fetch VERSION --bundle FILE makes one',
  });
};
