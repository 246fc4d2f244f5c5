import type { CheckResult } from './check.ts';

/** A result, and whether the person let it pass by name. */
export interface Judged extends CheckResult {
  readonly waived: boolean;
}

/** Only what stands against beginning can be waived. */
export function judge(results: readonly CheckResult[], waived: readonly string[]): Judged[] {
  return results.map((result) => ({
    ...result,
    waived: result.severity === 'inhibit' && waived.includes(result.code),
  }));
}
