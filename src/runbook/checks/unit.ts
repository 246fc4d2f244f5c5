import type { Found } from '../find.ts';
import type { CheckResult } from './check.ts';

/** Is the unit there, loaded and running, and nobody's business but ours? */
export async function checkUnit({
  found,
}: {
  readonly found: Pick<Found, 'unit' | 'rooms'>;
}): Promise<readonly CheckResult[]> {
  const { unit, rooms } = found;
  const state = await rooms.service.state(unit.unit);
  const results: CheckResult[] = [
    {
      code: unit.loadState === 'masked' ? 'unit-masked' : 'unit-broken',
      severity: unit.loadState === 'loaded' ? 'ok' : 'inhibit',
      measured: `${unit.unit} is ${unit.loadState}`,
      limit: 'loaded',
      remedy: unit.loadState === 'masked' ? `systemctl unmask ${unit.unit}` : `systemctl status ${unit.unit}`,
    },
    {
      code: 'unit-inactive',
      severity: state.activity === 'active' ? 'ok' : 'inhibit',
      measured: `${unit.unit} is ${state.activity} (${state.detail})`,
      limit: 'active, so that health after can be compared with health before',
      remedy: `systemctl start ${unit.unit}`,
    },
    {
      code: 'unit-changed',
      severity: unit.needDaemonReload ? 'inhibit' : 'ok',
      measured: unit.needDaemonReload ? `files of ${unit.unit} changed since they were loaded` : 'unit files as loaded',
      limit: 'unit files as loaded: a change would come along with the upgrade',
      remedy: 'systemctl daemon-reload',
    },
    {
      code: 'unit-triggered',
      severity: unit.triggeredBy.length === 0 ? 'ok' : 'warning',
      measured: unit.triggeredBy.length === 0 ? 'nothing triggers it' : `${unit.triggeredBy.join(', ')} may start it`,
      limit: 'no start in the window but ours',
      remedy: 'nothing to do: a start in the window is refused',
    },
  ];
  if (unit.rootDirectory === undefined) return results;
  const limit = 'paths that are paths of this host';
  const measured = `${unit.unit} runs in ${unit.rootDirectory}`;
  return [
    ...results,
    { code: 'unit-root', severity: 'inhibit', measured, limit, remedy: 'upgrade it where its files are' },
  ];
}
