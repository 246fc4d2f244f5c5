import { databaseLock } from '../database-lock.ts';
import type { CheckResult, HostChecked } from './check.ts';

export const DATABASE_LOCKED = 'database-locked';

/** Can the service and its migration write to the database? */
export async function checkDatabaseLock({ workshop, found, facts }: HostChecked): Promise<readonly CheckResult[]> {
  const { database } = facts;
  if (database === undefined) return [];
  const held = await databaseLock({ ...found.rooms, host: workshop.host, facts });
  return [
    {
      code: DATABASE_LOCKED,
      severity: held === undefined ? 'ok' : 'inhibit',
      measured: held ?? `nobody else writes to ${database.path}`,
      limit: 'no transaction of another program that lasts',
      remedy: 'end that transaction, or the program: the migration would wait for it in vain',
    },
  ];
}
