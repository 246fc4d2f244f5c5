import fs from 'node:fs';
import { expect, test } from 'vitest';
import { documentOf } from '../../src/cli/document.ts';
import { nothingText, planText } from '../../src/cli/report/plan.ts';
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
};

test.each(Object.entries(ROWS))(
  '%s, as a person reads it and for scripts',
  async (name, { host, wish = {}, without = [] }) => {
    const here = await bench(host);
    const text = fs.readFileSync(here.sample.envFile, 'utf8').split('\n');
    const left = text.filter((line) => !without.some((key) => line.startsWith(`${key}=`)));
    fs.writeFileSync(here.sample.envFile, left.join('\n'));
    const asked = { ...here.wish, ...wish };
    const planned = await planUpgrade(here.workshop, asked);
    const document = 'nothingToDo' in planned ? planned : await documentOf(here.workshop, asked, planned);
    expect(misfits('plan', JSON.parse(JSON.stringify(document)))).toEqual([]);
    const json = JSON.stringify(JSON.parse(steady(here, JSON.stringify(document))), null, 2);
    await expect(`${json}\n`).toMatchFileSnapshot(`../golden/plans/${name}.json`);
    await expect(shown(JSON.parse(steady(here, JSON.stringify(planned))))).toMatchFileSnapshot(
      `../golden/plans/${name}.txt`,
    );
  },
);

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
    .replaceAll(/\b\d+ free inodes\b/g, '1000000 free inodes');
}
