import { expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { allTooNew, tooYoung } from '../../src/runbook/age.ts';
import { refusalOf } from '../release/workshop.ts';

const DAY = 86_400_000;
const clock = { now: () => new Date('2026-06-10T12:00:00Z') };
const age = (publishedAt: string | undefined, minAgeMs: number | undefined = 7 * DAY) =>
  tooYoung(clock, minAgeMs, { tag: 'v1.2.3', publishedAt });

test.each<[string, string, string | undefined]>([
  ['a week to the second', '2026-06-03T12:00:00Z', undefined],
  ['a second less', '2026-06-03T12:00:01Z', '2026-06-10T12:00:01Z'],
  ['in another zone', '2026-06-03T14:00:01+02:00', '2026-06-10T12:00:01Z'],
  ['in the future', '2027-01-01T00:00:00Z', '2027-01-08T00:00:00Z'],
])('%s', (_, publishedAt, oldEnoughAt) => {
  expect(age(publishedAt)?.oldEnoughAt).toBe(oldEnoughAt);
});

test('without an age that is asked for, everything is old enough', () => {
  expect(tooYoung(clock, undefined, { tag: 'v1.2.3', publishedAt: undefined })).toBeUndefined();
});

test.each([[undefined], ['yesterday'], ['2026'], ['1'], ['2026-13-01T00:00:00Z'], ['2026-06-03']])(
  'a date that is none, %j, is no age',
  async (publishedAt) => {
    const refusal = await refusalOf(() => age(publishedAt));
    expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code: 'E_RELEASE_UNDATED', exit: 5 });
    expect(refusal.hint).toContain('--allow-new');
  },
);

test('whoever finds only young ones hears until when', () => {
  const young = age('2026-06-09T12:00:00Z');
  const refusal = allTooNew('v1.x', young ?? { tag: '', publishedAt: '', oldEnoughAt: '' });
  expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code: 'E_RELEASE_TOO_NEW', exit: 4 });
  expect(`${refusal.message}; ${refusal.hint}`).toMatch(/v1\.2\.3.*2026-06-09T12:00:00Z.*until 2026-06-16T12:00:00Z/);
});
