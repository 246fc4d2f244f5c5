import { posix } from 'node:path';
import { databaseBytes } from '../database-copy.ts';
import { type Peek, peek } from '../peek.ts';
import { versionOf } from '../version-of.ts';
import type { World } from '../world.ts';
import { checkAgentPolicy } from './agent-policy.ts';
import type { CheckResult } from './check.ts';
import { checkDatabaseLock } from './database-lock.ts';
import { checkJobs } from './jobs.ts';
import { checkObstacles } from './obstacles.ts';
import { checkSpaceLeft } from './space.ts';
import { checkStrangers } from './strangers.ts';
import { checkUnit } from './unit.ts';

/** A database that is larger is not copied for a look any more: the service waits for nobody, but what it writes meanwhile grows. */
const MAX_PEEK_BYTES = 2 ** 30;

/**
 * What may have changed since the plan, asked again while the service still runs. `armed`: this run has put its hold beside the
 * unit already, and was killed then; that is no change of somebody else's.
 */
export async function checkAgain(world: World, armed: boolean): Promise<readonly CheckResult[]> {
  const { facts, host, service, store } = world;
  const { installation } = facts;
  const unit = await service.inspect(installation.unit);
  if (unit === undefined) return [gone(installation.unit)];
  const rooms = world;
  const found = { unit, rooms, installation: { execPath: unit.execPath ?? installation.binary } };
  const workshop = { host, stateDirectory: posix.dirname(store.root) };
  const looked = await peekAgain(world);
  const ofUnit = await checkUnit({ found });
  return [
    ...ofUnit.filter(({ code }) => !(armed && code === 'unit-changed')),
    ...(await checkStrangers({ found })),
    ...(await checkVersion(world)),
    ...(await checkObstacles({ workshop, found, facts })),
    ...(await checkSpaceLeft({ workshop, found, facts })),
    ...(await checkJobs({ facts, peek: looked })),
    ...(await checkDatabaseLock({ workshop, found, facts })),
    ...(await checkAgentPolicy({ facts, peek: looked })),
  ];
}

function gone(unit: string): CheckResult {
  return {
    code: 'unit-broken',
    severity: 'inhibit',
    measured: `there is no ${unit} any more`,
    limit: 'loaded',
    remedy: `systemctl status ${unit}`,
  };
}

/** Is installed what this was planned from? Hours may lie between, and somebody who upgraded by hand in them. */
async function checkVersion({ facts, host }: World): Promise<readonly CheckResult[]> {
  const { installation, profile } = facts;
  const now = (await versionOf(host.commands, profile, installation.binary))?.version ?? 'no version';
  return [
    {
      code: 'version-changed',
      severity: now === installation.version ? 'ok' : 'inhibit',
      measured: `${now} is installed`,
      limit: `${installation.version}, from which this was planned`,
      remedy: 'find out who replaced it',
    },
  ];
}

/** In a child's copy, as the hot copy holds the live database: nothing in this process may open it. */
async function peekAgain({ facts, host, run }: World): Promise<Peek | undefined> {
  const { profile, database, options } = facts;
  const asks =
    profile.jobs.some(({ kind }) => kind === 'rows') || (profile.agents !== undefined && !options.holdAgents);
  if (!asks || database === undefined || (await databaseBytes(host, database.path)) > MAX_PEEK_BYTES) return undefined;
  const { path, table, column } = database;
  const databases = [{ path, schema: { table, column }, audit: undefined }];
  return peek({ host }, profile, { data: { databases } }, `${run.paths.scratch}/again`);
}
