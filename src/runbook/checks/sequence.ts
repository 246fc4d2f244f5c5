import { isReplay, REPLAYED } from '../replay.ts';
import type { Check } from './check.ts';

/** Is the release's manifest newer than every one that was proven here? One that is not gets this far only where it is waived. */
export const checkSequence: Check = async ({ facts: { target } }) => {
  if (target.kind !== 'release' || target.manifest === undefined) return [];
  const { sequence, highest } = target.manifest;
  const replay = isReplay(target.manifest, highest);
  return [
    {
      code: REPLAYED,
      severity: replay ? 'inhibit' : 'ok',
      measured: `the manifest has sequence ${sequence}`,
      limit: highest === undefined ? 'any: none was seen here yet' : `more than ${highest.sequence} of ${highest.tag}`,
      remedy: replay ? 'find out who serves an old release as if it were new' : 'nothing to do',
    },
  ];
};
