import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { documentOf } from '../../src/cli/document.ts';
import { nothingText, planText } from '../../src/cli/report/plan.ts';
import { RefitError } from '../../src/errors.ts';
import { planUpgrade } from '../../src/runbook/plan-upgrade.ts';
import type { NothingToDo, Planned } from '../../src/runbook/planned.ts';
import type { Wish } from '../../src/runbook/wish.ts';
import { type Bench, type BenchOptions, bench } from '../runbook/workbench.ts';
import { misfits } from '../support/json-schema.ts';

/** A plan as it is on a host of the sample server, and what somebody asks for there. */
interface Row {
  readonly host: BenchOptions;
  readonly wish?: Partial<Wish>;
  /** Keys that its env file lacks. */
  readonly without?: readonly string[];
  /** Instead of the shipped one's. */
  readonly policy?: string;
}

// One more plan to show is one more row.
const ROWS: Readonly<Record<string, Row>> = {
  'nothing-to-do': { host: { shared: true }, wish: { to: 'v0.2.9' } },
  patch: { host: {}, wish: { to: 'v0.2.x' } },
  minor: { host: { to: 'v0.3.0', others: ['v0.2.13'] } },
  'inhibiting-finding': { host: { started: false } },
  'env-edit': {
    host: { from: 'v0.1.8' },
    wish: { to: 'v0.2.13', applyEnvEdits: true },
    without: ['SAMPLE_BINARY_DIR'],
  },
  'major-allowed': { host: { to: 'v1.0.0' }, wish: { to: 'v1.0.0', allowMajor: true } },
  'three-hops': {
    host: { to: 'v0.5.0', others: ['v0.3.1', 'v0.4.2'] },
    wish: { to: 'v0.5.0' },
    policy: 'one-minor-at-a-time',
  },
};

/** What is not to be planned at all. */
const REFUSED: Readonly<Record<string, Row>> = {
  'major-refused': { host: { to: 'v1.0.0' }, wish: { to: 'v1.0.0' } },
};

const SHIPPED = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');

async function asked({ host, wish = {}, without = [], policy }: Row): Promise<{ here: Bench; wish: Wish }> {
  const here = await bench(host);
  const text = fs.readFileSync(here.sample.envFile, 'utf8').split('\n');
  const left = text.filter((line) => !without.some((key) => line.startsWith(`${key}=`)));
  if (without.length > 0) fs.writeFileSync(here.sample.envFile, left.join('\n'));
  if (policy === undefined) return { here, wish: { ...here.wish, ...wish } };
  const profile = path.join(here.directory, 'sample.yaml');
  fs.writeFileSync(profile, fs.readFileSync(SHIPPED, 'utf8').replace('policy: semver-drop-in', `policy: ${policy}`));
  return { here, wish: { ...here.wish, ...wish, profile } };
}

test.each(Object.entries(ROWS))('%s, as a person reads it and for scripts', async (name, row) => {
  const { here, wish } = await asked(row);
  const planned = await planUpgrade(here.workshop, wish);
  const document = 'nothingToDo' in planned ? planned : await documentOf(here.workshop, wish, planned);
  expect(misfits('plan', JSON.parse(JSON.stringify(document)))).toEqual([]);
  const json = JSON.stringify(JSON.parse(steady(here, JSON.stringify(document))), null, 2);
  await expect(`${json}\n`).toMatchFileSnapshot(`../golden/plans/${name}.json`);
  await expect(shown(JSON.parse(steady(here, JSON.stringify(planned))))).toMatchFileSnapshot(
    `../golden/plans/${name}.txt`,
  );
});

test.each(Object.entries(REFUSED))('%s, and what to type', async (name, row) => {
  const { here, wish } = await asked(row);
  const error = await planUpgrade(here.workshop, wish).then(
    () => expect.unreachable(),
    (caught: unknown) => caught,
  );
  if (!(error instanceof RefitError)) throw error;
  const { code, message, hint } = error;
  await expect(`${[code, message, hint].join('\n')}\n`).toMatchFileSnapshot(`../golden/plans/${name}.txt`);
});

function shown(planned: Planned | NothingToDo): string {
  return 'nothingToDo' in planned ? nothingText(planned) : planText(planned);
}

/** Without what is of this machine and this moment alone: where it lies, its ports, its name, its digests, how large things are. */
function steady({ directory, releases, workshop }: Bench, json: string): string {
  return json
    .replaceAll(directory, '/srv')
    .replaceAll(releases, '/releases')
    .replaceAll(JSON.stringify(workshop.host.identity.hostname), '"web1"')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'SHA-256')
    .replaceAll(/"refit":"[^"]*"/g, '"refit":"0.0.0"')
    .replaceAll(/amd64|arm64/g, 'ARCH')
    .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:8080')
    .replaceAll(/"(downloadBytes|dataBytes|bytes|size)":\d+/g, '"$1":1048576')
    .replaceAll(/\b[\d.]+ (B|[KMGT]iB)\b/g, '1.0 MiB')
    .replaceAll(
      /"estimate":\{"seconds":[^}]*\}/g,
      '"estimate":{"seconds":60,"windowMs":200,"because":"as in the last run"}',
    )
    .replaceAll(/\b\d+ free inodes\b/g, '1000000 free inodes');
}
