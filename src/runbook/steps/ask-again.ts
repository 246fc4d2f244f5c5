import { RefitError } from '../../errors.ts';
import { checkAgain } from '../checks/again.ts';
import { DATABASE_LOCKED } from '../checks/database-lock.ts';
import type { Waiver } from '../waiver.ts';
import { waiverFor } from '../waivers.ts';
import type { World } from '../world.ts';

/**
 * The checks that may end otherwise than when this was planned, minutes or days ago. Returns what stood and is waived, for the
 * journal. Rejects with E_CHECK_FAILED, or E_DATABASE_LOCKED, where something else stands against stopping the service.
 */
export async function askAgain(world: World): Promise<readonly Waiver[]> {
  const { facts, host, hold } = world;
  const armed = (await host.files.stat(hold.marker)) !== undefined;
  const standing = (await checkAgain(world, armed)).filter(({ severity }) => severity === 'inhibit');
  const waivers = standing.flatMap((finding) => waiverFor(world, finding) ?? []);
  const [first, ...others] = standing.filter(({ code }) => world.waivedBy(code) === undefined);
  if (first === undefined) return waivers;
  const against = [first, ...others];
  const saw = against.map(({ code, measured, limit }) => `${code} (${measured}; expected ${limit})`).join('; ');
  const codes = [...new Set(against.map(({ code }) => code))];
  throw new RefitError(
    first.code === DATABASE_LOCKED ? 'E_DATABASE_LOCKED' : 'E_CHECK_FAILED',
    `Cannot stop ${facts.installation.unit}: saw what was not so when this was planned: ${saw}`,
    {
      hint: `${first.remedy}; then type the command again, or with ${codes.map((code) => `--waive ${code}`).join(' ')}`,
      facts: { findings: codes.join(' ') },
    },
  );
}
