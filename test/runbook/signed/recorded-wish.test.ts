import { expect, test } from 'vitest';
import { recordedWish, shownSource, wishAsRecorded } from '../../../src/runbook/signed/recorded-wish.ts';
import { WISH } from '../workbench.ts';

const wish = {
  ...WISH,
  prefix: '/srv/sample',
  source: 'https://ada:hunter2@mirror.lan/sample?key=hunter3',
  mirrors: ['/srv/releases', 'http://bob:hunter4@other.lan/'],
  token: 'hunter5',
  minAgeMs: 1_000,
  waived: ['low-space'],
};

test('no password and no token is recorded; all else is, and the version that was chosen', () => {
  const recorded = recordedWish(wish, 'v0.2.13');
  expect(JSON.stringify(recorded)).not.toMatch(/hunter|ada|bob/);
  expect(recorded).toMatchObject({
    to: 'v0.2.13',
    prefix: '/srv/sample',
    source: 'https://mirror.lan/sample',
    mirrors: ['/srv/releases', 'http://other.lan/'],
    minAgeMs: 1_000,
    waived: ['low-space'],
  });
});

test('what was recorded is asked for again, with the password of whoever runs it', () => {
  const recorded = JSON.parse(JSON.stringify(recordedWish(wish, 'v0.2.13')));
  const given = ['https://eve:other@elsewhere.lan/', wish.source];
  const { token: _, ...rest } = wish;
  expect(wishAsRecorded(recorded, given)).toEqual({
    ...rest,
    to: 'v0.2.13',
    mirrors: ['/srv/releases', 'http://other.lan/'],
  });
  expect(wishAsRecorded(recorded, []).source).toBe('https://mirror.lan/sample');
});

test.each([
  ['/srv/a?b', '/srv/a?b'],
  ['HTTPS://u:p@Host/x#y', 'https://host/x'],
  ['file:///srv/a', 'file:///srv/a'],
])('%s is shown as %s', (where, shown) => {
  expect(shownSource(where)).toBe(shown);
});
