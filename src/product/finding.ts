/** What was noticed about an installation, for the plan. Never holds a value of the environment: those may be secrets. */
export interface Finding {
  /** Stable: flags that waive a finding and scripts name it. */
  readonly code: string;
  /** `inhibit`: the upgrade does not begin unless this one is waived. */
  readonly severity: 'inhibit' | 'warning';
  readonly measured: string;
  readonly limit: string;
  readonly remedy: string;
}
