import type { Host } from '../host/host.ts';
import type { Guard } from './guard.ts';

/** Of the embedded manager: no unit of the host looks after a run there, a person does. */
export function noGuard({ identity }: Pick<Host, 'identity'>): Guard {
  return {
    copySelf: async () => ({ argv: identity.self, copied: false, reason: 'no guard looks after this installation' }),
    arm: async () => undefined,
    disarm: async () => undefined,
    pruneCopies: async () => undefined,
  };
}
