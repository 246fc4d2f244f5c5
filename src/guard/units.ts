export const UNITS = '/etc/systemd/system';

const PREFIX = 'refit-guard-';

/** Where a guard's units lie. An installation is named like a unit, so every character of it may stand in a unit's name. */
export function unitsOf(installation: string): {
  readonly service: string;
  readonly timer: string;
  /** The link that makes a boot start the timer. */
  readonly wanted: string;
} {
  const name = `${PREFIX}${installation}`;
  return {
    service: `${UNITS}/${name}.service`,
    timer: `${UNITS}/${name}.timer`,
    wanted: `${UNITS}/timers.target.wants/${name}.timer`,
  };
}

/** Whether a file in `UNITS` is a guard's service: it names the program that the guard would start. */
export const isGuardService = (name: string): boolean => name.startsWith(PREFIX) && name.endsWith('.service');
