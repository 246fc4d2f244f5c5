import type { Finding } from '../../product/finding.ts';
import type { Facts } from '../facts.ts';
import type { Found } from '../find.ts';
import type { Peek } from '../peek.ts';
import type { Workshop } from '../workshop.ts';

/** What a check may look at. */
export interface Checked {
  readonly workshop: Workshop;
  readonly found: Found;
  readonly facts: Facts;
  /** Of further hops. */
  readonly later?: readonly Facts[];
  /** Undefined: the database could not be looked at, or there is none. */
  readonly peek: Peek | undefined;
}

/** What is known where nothing is installed yet: enough for a look at the host. */
export interface HostChecked {
  readonly workshop: Pick<Workshop, 'host' | 'stateDirectory'>;
  readonly found: Pick<Found, 'rooms'>;
  readonly facts: Facts;
  /** Of further hops. */
  readonly later?: readonly Facts[];
}

/** A finding, or that there is none: the value is reported beside the limit either way. */
export interface CheckResult extends Omit<Finding, 'severity'> {
  readonly severity: 'ok' | 'info' | 'warning' | 'inhibit';
}

/** One question about this host. Looks, changes nothing, and says what it measured beside the limit. */
export type Check = (checked: Checked) => Promise<readonly CheckResult[]>;
