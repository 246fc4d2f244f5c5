import { expect, test } from 'vitest';
import { hasOpening, openingText, requireOpen, waitMs } from '../../src/runbook/opening.ts';
import { realHost } from '../data/workbench.ts';
import { dockmeshFacts } from './facts.ts';

const [EARLY, LATE] = ['2026-01-02T03:04:05.000Z', '2026-01-02T05:00:00.000Z'];

test('how long is left, by the clock as it goes now', () => {
  const opening = { notBefore: EARLY };
  expect(waitMs(opening, new Date('2026-01-02T03:04:00Z'))).toBe(5_000);
  expect(waitMs(opening, new Date(EARLY))).toBe(0);
  expect(waitMs(opening, new Date(LATE))).toBe(0);
  expect(waitMs({ notAfter: LATE }, new Date(0))).toBe(0);
});

test('in words', () => {
  expect(openingText({ notBefore: EARLY, notAfter: LATE })).toBe(
    'not before 2026-01-02 03:04:05 UTC, not after 2026-01-02 05:00:00 UTC',
  );
  expect(openingText({ notAfter: LATE })).toBe('not after 2026-01-02 05:00:00 UTC');
  expect([openingText({}), hasOpening({}), hasOpening({ notAfter: LATE })]).toEqual(['', false, true]);
});

test('too late is coded, says when it is and when it was to be', async () => {
  const facts = await dockmeshFacts();
  const at = (now: string, notAfter: string | undefined) => () => {
    const host = realHost();
    const options = { ...facts.options, notAfter };
    requireOpen({
      facts: { ...facts, options },
      host: { ...host, clock: { ...host.clock, now: () => new Date(now) } },
    });
  };
  expect(at(LATE, undefined)).not.toThrow();
  expect(at(LATE, LATE)).not.toThrow();
  expect(at('2026-01-02T05:00:01.000Z', LATE)).toThrow(
    expect.objectContaining({
      code: 'E_WINDOW_MISSED',
      message: 'Cannot stop dockmesh.service: saw 2026-01-02 05:00:01 UTC, expected not after 2026-01-02 05:00:00 UTC',
      hint: expect.stringContaining('--not-after'),
    }),
  );
});
