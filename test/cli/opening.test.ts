import { expect, test } from 'vitest';
import { openingOf, requireSameOpening } from '../../src/cli/opening.ts';
import { factsOf, type RunOptions } from '../../src/runbook/facts.ts';
import { timeOfDay } from '../../src/runbook/instant.ts';
import { plan, records, stored } from './support/made.ts';

const NOW = new Date('2026-01-10T12:00:00Z');
const [FROM, UNTIL] = ['2026-01-11T02:00:00.000Z', '2026-01-11T04:00:00.000Z'];

test('two instants, in UTC; what was not given is not there', () => {
  expect(openingOf({ notBefore: '2026-01-11T03:00:00+01:00', notAfter: '2026-01-11T04:00Z' }, NOW)).toEqual({
    notBefore: FROM,
    notAfter: UNTIL,
  });
  expect(openingOf({}, NOW)).toEqual({});
  expect(openingOf({ notAfter: UNTIL }, NOW)).toEqual({ notAfter: UNTIL });
});

test('an end by the time of day comes after the beginning', () => {
  const { notBefore = '', notAfter = '' } = openingOf({ notBefore: '23:00', notAfter: '01:00' }, NOW);
  expect(Date.parse(notAfter) - Date.parse(notBefore)).toBe(2 * 3_600_000);
});

test.each([
  [
    { notBefore: '2026-01-11T02:00:00' },
    'Cannot take --not-before: saw "2026-01-11T02:00:00", which may mean any zone',
  ],
  [{ notAfter: '2026-01-09T02:00:00Z' }, 'Cannot take --not-after: saw "2026-01-09T02:00:00Z", which is past'],
  [{ notBefore: UNTIL, notAfter: FROM }, 'saw an end before the beginning, 2026-01-11 04:00:00 UTC'],
  [{ notBefore: FROM, notAfter: FROM }, 'saw an end before the beginning'],
])('%j is refused', (flags, message) => {
  const act = () => openingOf(flags, NOW);
  expect(act).toThrow(message);
  expect(act).toThrow(expect.objectContaining({ code: 'E_USAGE', hint: expect.stringContaining('02:00') }));
});

function open(options: Partial<RunOptions>) {
  const whole = plan();
  const facts = { ...factsOf(whole), options: { ...factsOf(whole).options, ...options } };
  return stored(records(3, { type: 'run.pause', reason: 'signal' }), undefined, { ...whole, facts });
}

test('an open run keeps its times: the same ones may be typed again, in either form', () => {
  const run = open({ notBefore: FROM });
  for (const notBefore of [FROM, '2026-01-11T02:00:00Z', timeOfDay(new Date(FROM)), undefined]) {
    expect(() => requireSameOpening(run, { notBefore })).not.toThrow();
  }
  expect(() => requireSameOpening(run, { notBefore: UNTIL })).toThrow(
    expect.objectContaining({
      code: 'E_RUN_OPEN',
      message: expect.stringMatching(/began with not before 2026-01-11 02:00:00 UTC$/),
    }),
  );
  expect(() => requireSameOpening(open({}), { notAfter: UNTIL })).toThrow(/began with no such times$/);
});
