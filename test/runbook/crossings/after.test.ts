import { expect, test } from 'vitest';
import { afterCrossing } from '../../../src/runbook/crossings/after.ts';
import { bench } from '../workbench.ts';

const { found } = await bench({ shared: true });

const serviceUser = {
  user: 'u',
  group: 'g',
  uid: 1,
  gid: 1,
  dropIn: '/etc/systemd/system/x.service.d/account.conf',
  directories: [],
  paths: [],
  trees: [],
};

test('a later hop begins with the keys and as the account that the one before it made', () => {
  const { installation, unit } = afterCrossing(found, { envEdits: [{ key: 'SAMPLE_NEW', value: 'yes' }], serviceUser });
  expect(installation).toMatchObject({ user: 'u', group: 'g', givenKeys: expect.arrayContaining(['SAMPLE_NEW']) });
  expect(unit).toMatchObject({ user: 'u', group: 'g' });
});

test('nothing crossed, nothing else', () => {
  expect(afterCrossing(found, { envEdits: [] })).toEqual(found);
});
