import { RefitError } from '../errors.ts';
import type { Commands } from '../host/commands.ts';
import type { Activity, ServiceState } from './service.ts';
import { integer, one, type Properties } from './show-output.ts';
import { show } from './systemctl.ts';

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'Job',
  'MainPID',
  'NRestarts',
  'Result',
  'ConditionResult',
  'AssertResult',
  'ControlGroup',
  'ExecMainCode',
  'ExecMainStatus',
  'ExecMainStartTimestampMonotonic',
] as const;

/** Source: ExecMainCode= is si_code of waitid(2). */
const EXITED = 1;

/** A state, and what only the manager itself needs to judge a start or a stop. */
export interface UnitState {
  readonly state: ServiceState;
  readonly loadState: string;
  readonly controlGroup: string;
  readonly conditionsHold: boolean;
  readonly assertionsHold: boolean;
}

export function parseState(properties: Properties): ServiceState {
  const code = integer(properties, 'ExecMainCode') ?? 0;
  const status = integer(properties, 'ExecMainStatus');
  const pid = integer(properties, 'MainPID') || undefined;
  return {
    activity: activityOf(one(properties, 'ActiveState'), one(properties, 'Job') !== ''),
    detail: one(properties, 'SubState'),
    pid,
    startedAt: pid === undefined ? undefined : one(properties, 'ExecMainStartTimestampMonotonic'),
    restarts: integer(properties, 'NRestarts') ?? 0,
    result: one(properties, 'Result'),
    exitCode: code === EXITED ? status : undefined,
    exitSignal: code > EXITED ? status : undefined,
  };
}

function activityOf(word: string, hasJob: boolean): Activity {
  switch (word) {
    case 'active':
    case 'activating':
    case 'deactivating':
      return word;
    case 'reloading':
    case 'refreshing':
      return 'active';
    case 'failed':
      return hasJob ? 'activating' : 'failed';
    default:
      return hasJob ? 'activating' : 'inactive';
  }
}

export async function unitState(commands: Commands, unit: string): Promise<UnitState> {
  const properties = await show(commands, unit, PROPERTIES);
  const loadState = one(properties, 'LoadState');
  if (loadState === 'not-found') throw unknownUnit(unit);
  return {
    state: parseState(properties),
    loadState,
    controlGroup: one(properties, 'ControlGroup'),
    conditionsHold: one(properties, 'ConditionResult') !== 'no',
    assertionsHold: one(properties, 'AssertResult') !== 'no',
  };
}

export function unknownUnit(unit: string): RefitError {
  return new RefitError('E_SERVICE_UNKNOWN', `Cannot find the service ${unit}: saw no such unit on this host`, {
    hint: 'systemctl list-units --type=service shows what there is; name the right one with --unit',
    facts: { unit },
  });
}
