import type { Found } from '../find.ts';
import type { CheckResult } from './check.ts';

/** Does anybody else run the same file? It would go on with the old version on the new data. */
export async function checkStrangers({
  found,
}: {
  readonly found: Pick<Found, 'unit' | 'rooms'> & { readonly installation: Pick<Found['installation'], 'execPath'> };
}): Promise<readonly CheckResult[]> {
  const { unit, rooms, installation } = found;
  const others = await rooms.service.strangers(unit.unit, installation.execPath);
  const names = others.map(({ pid, unit: of }) => (of === undefined ? `${pid}` : `${pid} of ${of}`));
  return [
    {
      code: 'run-by-hand',
      severity: names.length === 0 ? 'ok' : 'inhibit',
      measured:
        names.length === 0 ? `only ${unit.unit} runs it` : `processes ${names.join(', ')} run ${installation.execPath}`,
      limit: `only ${unit.unit}`,
      remedy: 'end them: they would go on with the old version on the new data',
    },
  ];
}
