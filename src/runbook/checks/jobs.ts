import type { Checked, CheckResult } from './check.ts';

/** Does the product do something that a stop would cut short? */
export async function checkJobs({ facts, peek }: Pick<Checked, 'facts' | 'peek'>): Promise<readonly CheckResult[]> {
  const { jobs } = facts.profile;
  if (jobs.length === 0) return [];
  if (peek === undefined) {
    const measured = 'not checked: no readable copy of the database';
    return [
      { code: 'jobs', severity: 'warning', measured, limit: 'no job running', remedy: 'look in the product itself' },
    ];
  }
  return jobs.map(({ code, name, why, remedy, kind }) => {
    // Only the product's API knows those.
    if (kind === 'list') {
      const measured = `not checked: ${name} is not in the database`;
      return {
        code,
        severity: 'warning' as const,
        measured,
        limit: 'none running',
        remedy: 'look in the product itself',
      };
    }
    const runs = peek.runningJobs.includes(code);
    return {
      code,
      severity: runs ? ('inhibit' as const) : ('ok' as const),
      measured: runs ? `${name} is running` : `no sign of ${name}`,
      limit: runs ? `none: ${why}` : 'none running',
      remedy,
    };
  });
}
