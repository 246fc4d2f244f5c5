import { expect, test } from 'vitest';
import { nothingText, planJson, planText } from '../../../src/cli/report/plan.ts';
import { factsOf, type RunOptions } from '../../../src/runbook/facts.ts';
import type { Planned } from '../../../src/runbook/planned.ts';
import type { DataChoice } from '../../../src/runbook/schema-guard.ts';
import { LOW_SPACE, plan, planned, RUN, rollbackPlan, SKIPPED, UNIT_CHANGED } from '../support/made.ts';

const findings = planned({ checks: [LOW_SPACE, UNIT_CHANGED, { ...LOW_SPACE, code: 'files', waived: true }] });

const LOST = {
  files: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `/var/lib/dockmesh/data/${name}`),
  tables: [{ name: 'visits', before: 1, now: 2 }],
  audit: [{ at: '2026-01-02 03:04:05', who: 'ada', what: 'stack.deploy web' }],
  audits: 12,
};

const cases = {
  upgrade: planned(),
  findings,
  skips: planned({ passedBy: [SKIPPED] }),
  'env-edits': planned({ envDiff: '+DOCKMESH_BACKUP_DIR=/var/lib/dockmesh/backups\n' }),
  crossing: planned({
    envDiff:
      '--- /var/lib/dockmesh/dockmesh.env\n+++ /var/lib/dockmesh/dockmesh.env\n@@ -8,0 +9 @@\n+DOCKMESH_SECRETS_PATH=/data/s\n',
    crossed: {
      files: [
        '/data/secrets.env -> /var/lib/dockmesh/data/secrets.env (dockmesh:docker 0600)',
        '/data/agents-ca.key -> /var/lib/dockmesh/data/agents-ca.key (dockmesh:docker 0400), in place of another one, which a rollback brings back',
      ],
      unitDiff:
        '--- /dev/null\n+++ /etc/systemd/system/d.service.d/service-user.conf\n@@ -0,0 +1,3 @@\n+[Service]\n+User=d\n+Group=d\n',
      owners: ['d:d /var/lib/dockmesh/data and all in it', 'd:d /var/lib/dockmesh'],
    },
  }),
  rollback: planned({
    plan: rollbackPlan(),
    source: undefined,
    choice: { asked: 'the version before', chosen: 'v0.2.9' },
    downloadBytes: undefined,
    lost: LOST,
  }),
  install: planned({
    plan: plan({ purpose: 'install', from: 'none' }),
    source: '/root/dockmesh_linux_amd64.tar.gz, its digest from checksums.txt in the same folder',
    choice: { asked: '/root/dockmesh_linux_amd64.tar.gz', chosen: 'v0.2.13' },
  }),
};

test.each(Object.entries(cases))('%s, as a person reads it', async (name, one) => {
  await expect(planText(one)).toMatchFileSnapshot(`../../golden/plan/${name}.txt`);
});

test.each(Object.entries(cases))('%s fits 80 columns, without a control character', (_name, one) => {
  const text = planText(one);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
});

test('what stands against it is told in full, and how to let it pass', () => {
  const text = planText(findings);
  expect(text).toContain('STOP      low-space: 12.0 MiB free');
  expect(text).toContain('or let it pass: --waive low-space');
  expect(text).toContain('waived    files:');
  expect(text).not.toContain('--waive files');
  expect(text).not.toContain('--waive unit-changed');
});

test('json: what is public of a plan, and nothing of the environment', async () => {
  const text = JSON.stringify(planJson(findings), null, 2);
  await expect(`${text}\n`).toMatchFileSnapshot('../../golden/plan/findings.json');
  expect(text).not.toContain('hunter2');
});

test('json: a rollback says since when writes are lost', () => {
  expect(planJson(cases.rollback)).toMatchObject({ losesSince: '2026-11-21T12:49:34.655Z' });
  expect(planJson(cases.upgrade)).toMatchObject({ losesSince: null });
  expect(RUN).toMatch(/^01M7Z2FADZ/);
});

test.each<[DataChoice, string]>([
  [{ keeps: true, because: 'known' }, 'keeps   the data as it is: v0.2.9 knows every migration in it'],
  [{ keeps: true, because: 'additive' }, 'keeps   the data as it is: the profile says that what came from v0.2.9 to'],
  [{ keeps: false, because: 'foreign', foreign: ['035'] }, '        because v0.2.9 does not know 035'],
  [{ keeps: false, because: 'asked' }, '        because the data of then was asked for'],
  [{ keeps: false, because: 'unlearned' }, '        because nothing shows that v0.2.9 knows every migration in the'],
])('%j: said, and why', (choice, text) => {
  const one = planned({ plan: rollbackPlan(choice) });
  expect(planText(one)).toContain(`\n  ${text}`);
  expect(planText(one).includes('  loses   ')).toBe(!choice.keeps);
  expect(planJson(one)).toMatchObject({ dataChoice: choice });
});

test('a name from outside cannot move the cursor', () => {
  expect(planText(planned({ source: 'a\x1b[2Jb' }))).toContain('a?[2Jb');
});

/** Of a plan whose options are those. */
function withOptions(options: Partial<RunOptions>, over: Partial<Planned> = {}): Planned {
  const whole = planned(over);
  const facts = factsOf(whole.plan);
  return { ...whole, plan: { ...whole.plan, facts: { ...facts, options: { ...facts.options, ...options } } } };
}

test('a waived finding says who waived it and why; a code that waives nothing is told', () => {
  const { code, measured, limit } = LOW_SPACE;
  const waivers = [{ code, measured, limit, who: 'ada', why: 'the disk grows tonight' }];
  const checks = [{ ...LOW_SPACE, waived: true }, UNIT_CHANGED];
  const one = withOptions({ waivers, waived: ['low-space', 'space', 'unit-changed'] }, { checks });
  const text = planText(one);
  expect(text).toContain('\nwaived    low-space: 12.0 MiB free');
  expect(text).toContain('\n          waived by ada: the disk grows tonight\n');
  expect(text).toContain('\n--waive space: nothing to waive, no finding is called so\n');
  expect(text).toContain('\n--waive unit-changed: nothing to waive now, that check passes\n');
  expect(planJson(one)).toMatchObject({ waivers, waivedInVain: ['space', 'unit-changed'] });
  const silent = withOptions(
    { waivers: [{ ...waivers[0], code, measured, limit, who: 'ada', why: null }] },
    { checks },
  );
  expect(planText(silent)).toContain('\n          waived by ada; --because says why\n');
});

test('when the service may be stopped, and how long it takes, where that is known', () => {
  const [notBefore, notAfter] = ['2026-01-02T03:00:00.000Z', '2026-01-02T05:00:00.000Z'];
  const estimate = { seconds: 170, windowMs: 200, because: 'as in the last 3 runs' };
  const one = withOptions({ notBefore, notAfter }, { estimate });
  expect(planText(one)).toContain(
    '\n  window  not before 2026-01-02 03:00:00 UTC, not after 2026-01-02 05:00:00 UTC\n' +
      '  takes   about 3 min, of it 200 ms without service (as in the last 3 runs)\n',
  );
  expect(planJson(one)).toMatchObject({ notBefore, notAfter, estimate });
  expect(planText(planned())).not.toMatch(/^ {2}(window|takes) /m);
  expect(planJson(planned())).toMatchObject({ notBefore: null, notAfter: null, estimate: null });
});

test('nothing to do', () => {
  const nothing = { nothingToDo: true, installation: 'dockmesh', product: 'dockmesh', version: 'v0.2.13' } as const;
  expect(nothingText({ ...nothing, passedBy: [] })).toBe('dockmesh is at v0.2.13 already: nothing to do\n');
  expect(nothingText({ ...nothing, passedBy: [SKIPPED] })).toContain(
    '  skips   v0.2.14, which failed here on 2026-01-02',
  );
});

test('a plan with spot checks says what is read, and that nothing is deployed', () => {
  const whole = planned();
  const facts = factsOf(whole.plan);
  const spotted = { ...facts, options: { ...facts.options, spotChecks: ['web', 'shop'] } };
  const one = { ...whole, plan: { ...whole.plan, facts: spotted } };
  expect(planText(one)).toContain(
    '\n  spot    reads the services of web, shop before the commit; refit deploys\n          nothing\n',
  );
  expect(planJson(one)).toMatchObject({ spotChecks: ['web', 'shop'] });
  expect(planText(whole)).not.toContain('  spot ');
});

test('a plan that demands signatures says whose, and one of a tarball who signed it', () => {
  const whole = planned();
  const facts = factsOf(whole.plan);
  const trust = {
    checksums: true,
    sigstore: { over: 'checksums', repository: 'acme/app', workflow: 'release.yml', ref: 'refs/tags/v*' },
  };
  const profile = { ...facts.profile, release: { ...facts.profile.release, trust } };
  const proof = {
    method: 'minisign',
    format: 'legacy',
    signature: 's',
    signer: 'ABC\u001b[2J',
    trustedComment: '',
  } as const;
  const proven = {
    method: 'sha256',
    sha256: '',
    size: 1,
    from: [],
    at: '',
    signatures: [{ over: 'asset', sha256: '', proof }],
  } as const;
  const one = { ...whole, proven, plan: { ...whole.plan, facts: { ...facts, profile } } };
  const text = planText(one);
  expect(text).toContain('\n  trusts  its SHA-256\n          a Sigstore signature over checksums.txt by');
  expect(text).toContain('\n          signed by ABC');
  expect(text).not.toContain('\u001b');
  expect(planJson(one)).toMatchObject({ trust: { sigstore: { over: 'checksums' } }, proven });
  expect(planText(whole)).not.toContain('  trusts ');
});
