import { afterEach, expect, test } from 'vitest';
import { parseInstant } from '../../src/runbook/instant.ts';

const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** What a person in that place means who types this then. */
function typed(written: string, now: string, where = 'Europe/Berlin', after?: string) {
  process.env['TZ'] = where;
  const parsed = parseInstant(written, {
    now: new Date(now),
    ...(after === undefined ? {} : { after: new Date(after) }),
  });
  return 'at' in parsed ? parsed.at.toISOString() : parsed.problem;
}

test.each([
  ['later today', '23:30', '2026-01-10T12:00:00Z', '2026-01-10T22:30:00.000Z'],
  ['tomorrow, where it is over today', '02:00', '2026-01-10T12:00:00Z', '2026-01-11T01:00:00.000Z'],
  ['tomorrow, where it is just now', '13:00', '2026-01-10T12:00:00Z', '2026-01-11T12:00:00.000Z'],
  ['over the end of a month and a year', '00:05', '2026-12-31T22:59:00Z', '2026-12-31T23:05:00.000Z'],
  ['on the day before the clock is set ahead', '03:30', '2026-03-28T12:00:00Z', '2026-03-29T01:30:00.000Z'],
  ['with its zone', '2026-01-11T02:00:00+01:00', '2026-01-10T12:00:00Z', '2026-01-11T01:00:00.000Z'],
  ['with a zone without a colon', '2026-01-11T02:00+0530', '2026-01-10T12:00:00Z', '2026-01-10T20:30:00.000Z'],
  ['in UTC', '2026-01-11T02:00:00.5Z', '2026-01-10T12:00:00Z', '2026-01-11T02:00:00.500Z'],
])('%s: %s', (_name, written, now, at) => {
  expect(typed(written, now)).toBe(at);
});

test('an end is the first such time after the beginning', () => {
  expect(typed('02:00', '2026-01-10T12:00:00Z', 'UTC', '2026-01-10T23:00:00Z')).toBe('2026-01-11T02:00:00.000Z');
  expect(typed('23:30', '2026-01-10T12:00:00Z', 'UTC', '2026-01-10T23:00:00Z')).toBe('2026-01-10T23:30:00.000Z');
});

test.each([
  ['2026-01-11T02:00:00', /may mean any zone: add Z or \+01:00/],
  ['2026-01-10T11:59:59Z', /is past: it is 2026-01-10T12:00:00.000Z now/],
  ['2026-01-10T12:00:00Z', /is past/],
  ['2026-02-30T02:00:00Z', /no time of any day/],
  ['2026-01-11T24:01:00Z', /no time of any day/],
  ['2026-01-11T02:00:00+99:00', /no time of any day/],
  ['2027-01-11T02:00:00Z', /more than 31 days ahead/],
  ['24:00', /expected 2026-01-31T02:00:00Z, or 02:00/],
  ['2:00', /expected/],
  ['tomorrow', /expected/],
  ['1768000000', /expected/],
  ['2026-01-11', /expected/],
])('%s is refused', (written, problem) => {
  expect(typed(written, '2026-01-10T12:00:00Z')).toMatch(problem);
});

test.each([
  ['Europe/Berlin', '02:30', '2026-03-28T12:00:00Z', /does not come on Sun Mar 29 2026: the clock is set ahead/],
  ['Europe/Berlin', '02:30', '2026-10-24T12:00:00Z', /comes twice on Sun Oct 25 2026, as the clock is set back/],
  ['Australia/Lord_Howe', '01:45', '2026-04-04T02:00:00Z', /comes twice on Sun Apr 05 2026/],
])('%s: %s on a day on which the clock is set is refused', (where, written, now, problem) => {
  expect(typed(written, now, where)).toMatch(problem);
});
