import { RefitError } from '../errors.ts';
import type { RunOptions } from './facts.ts';
import type { World } from './world.ts';

/** Between which instants the service may be stopped. */
export type Opening = Pick<RunOptions, 'notBefore' | 'notAfter'>;

export function hasOpening({ notBefore, notAfter }: Opening): boolean {
  return notBefore !== undefined || notAfter !== undefined;
}

/** Milliseconds until the service may be stopped, by the wall clock as it goes now; 0: at once. Pure. */
export function waitMs({ notBefore }: Opening, now: Date): number {
  return notBefore === undefined ? 0 : Math.max(0, Date.parse(notBefore) - now.getTime());
}

/** Rejects with E_WINDOW_MISSED where it is too late to stop the service. */
export function requireOpen({ facts, host }: Pick<World, 'facts' | 'host'>): void {
  const { options, installation } = facts;
  const { notAfter } = options;
  const now = host.clock.now();
  if (notAfter === undefined || now.getTime() <= Date.parse(notAfter)) return;
  throw new RefitError(
    'E_WINDOW_MISSED',
    `Cannot stop ${installation.unit}: saw ${instantText(now.toISOString())}, expected not after ${instantText(notAfter)}`,
    {
      hint: 'Type the command again with a later --not-after, or without: what was downloaded and proven is kept',
      facts: { notAfter },
    },
  );
}

/** "not before 2026-01-02 03:04:05 UTC, not after …"; empty where it may begin at any time. */
export function openingText({ notBefore, notAfter }: Opening): string {
  const from = notBefore === undefined ? [] : [`not before ${instantText(notBefore)}`];
  const until = notAfter === undefined ? [] : [`not after ${instantText(notAfter)}`];
  return [...from, ...until].join(', ');
}

/** For people: "2026-01-02 03:04:05 UTC". */
export function instantText(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
