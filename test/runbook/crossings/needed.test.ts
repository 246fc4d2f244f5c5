import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import type { Crossing } from '../../../src/product/schema.ts';
import { consented, crossedFiles, neededCrossings } from '../../../src/runbook/crossings/needed.ts';
import { shownCrossings } from '../../../src/runbook/crossings/show.ts';
import { requireVersion } from '../../../src/version/version.ts';
import { bench } from '../workbench.ts';

const { workshop, found } = await bench({ shared: true });
const way = { from: requireVersion('v0.2.9', 'from'), to: requireVersion('v0.2.13', 'to') };
const me = userInfo().username;

const NONE: Crossing = {
  code: 'none',
  since: 'v0.2.10',
  copy: [{ from: '/nonexistent/a', to: '/b' }],
  severity: 'inhibit',
  why: 'w',
};
const KEY: Crossing = { ...NONE, code: 'key', copy: [], key: 'SAMPLE_NEW', value: 'yes' };
const ACCOUNT: Crossing = {
  ...NONE,
  code: 'account',
  copy: [],
  severity: 'warning',
  service_user: { user: me, group: 'root' },
};

async function needed(crossings: readonly Crossing[], waived: readonly string[] = []) {
  const { profile, installation, unit } = found;
  const there = {
    ...found,
    profile: { ...profile, env: { ...profile.env, crossings: [...crossings] } },
    installation: { ...installation, user: '' },
    unit: { ...unit, unit: 'sample.service', stateDirectories: ['/var/lib/sample'] },
  };
  return neededCrossings(workshop, there, way, waived);
}

test('a crossing that finds nothing to copy needs nothing', async () => {
  expect(await needed([NONE])).toEqual([]);
});

test('what is waived stays undone; what is not is planned whole', async () => {
  const both = await needed([KEY, ACCOUNT]);
  expect(both.map(({ code, able }) => [code, able])).toEqual([
    ['key', true],
    ['account', true],
  ]);
  const options = consented(both, []);
  expect(options).toMatchObject({ envEdits: [{ key: 'SAMPLE_NEW', value: 'yes' }], serviceUser: { user: me } });
  expect(crossedFiles(options)).toEqual(['/etc/systemd/system/sample.service.d/account.conf']);
  expect(consented(both, ['account'])).toEqual({ envEdits: [{ key: 'SAMPLE_NEW', value: 'yes' }], copies: [] });
  expect(consented(both, ['key', 'account'])).toEqual({ envEdits: [], copies: [] });
});

test('a change of account is shown as the drop-in that it is, and with everything that changes hands', async () => {
  const { unitDiff, owners, files } = shownCrossings(await needed([ACCOUNT]), []);
  expect(files).toEqual([]);
  expect(unitDiff).toBe(
    `--- /dev/null\n+++ /etc/systemd/system/sample.service.d/account.conf\n@@ -0,0 +1,3 @@\n+[Service]\n+User=${me}\n+Group=root\n`,
  );
  const { prefix = '' } = found.installation.scope;
  expect(owners).toEqual([
    `${me}:root ${prefix}/lib/sample/data and all in it`,
    `${me}:root /var/lib/sample`,
    `${me}:root ${prefix}/lib/sample/stacks, of each folder in it itself and compose.yaml, .env, .env.age, .sample.meta.json`,
  ]);
  expect(shownCrossings(await needed([ACCOUNT]), ['account'])).toEqual({ files: [], unitDiff: '', owners: [] });
});

test('an account that this host does not have is a person to make, in a line to type', async () => {
  const [one] = await needed([{ ...ACCOUNT, service_user: { user: 'refit-nobody-here', group: 'root' } }]);
  expect(one).toMatchObject({
    able: false,
    remedy: expect.stringMatching(/^useradd --system .* --groups root refit-nobody-here, then plan again$/),
  });
});
