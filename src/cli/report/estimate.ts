import type { Estimate } from '../../runbook/estimate.ts';
import { duration, roughly } from '../../runbook/words.ts';

/** "about 3 min, of it 0.2 s without service (as in the last 3 runs)". */
export function estimateText({ seconds, windowMs, because }: Estimate): string {
  const long = seconds < 60 ? `about ${seconds} s` : roughly(seconds * 1_000);
  const away = windowMs === null ? '' : `, of it ${duration(windowMs)} without service`;
  return `${long}${away} (${because})`;
}
