import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh, REFIT, UPGRADE } from './support/dockmesh.ts';
import { expectNew, expectOld, look } from './support/outcome.ts';
import { DISKS } from './support/power.ts';
import { NEW, OLD, releases } from './support/releases.ts';

/** REFIT_RESETS=30 is the long run; REFIT_SEED draws the same moments again. */
const RESETS = Number(process.env['REFIT_RESETS'] ?? '5');
const SEED = process.env['REFIT_SEED'] ?? `${Date.now()}`;
const releasesDir = releases();
const disk = { megabytes: 512, directories: Object.values(DISKS).flat() };
const SETTINGS = 'health: { soak: 500ms, timeout: 3s }\nservice: { start_timeout: 10s, guard_interval: 1s }\n';

/** The same number for the same seed and place, from 0 to 1. */
function drawn(place: string): number {
  return createHash('sha256').update(`${SEED} ${place}`).digest().readUInt32BE() / 2 ** 32;
}

async function booted(): Promise<Dockmesh> {
  const dockmesh = await bootDockmesh('resets', { disk });
  dockmesh.write('/etc/refit/dockmesh.yaml', SETTINGS);
  dockmesh.host.must(['sync', '--file-system', ...disk.directories]);
  return dockmesh;
}

/** Begins an upgrade whose viewer is the host's own, and dies with it. */
function begin({ host, source }: Dockmesh): void {
  host.must(['systemd-run', '--quiet', '--unit=viewer', process.execPath, REFIT, ...UPGRADE(source)]);
}

const isQuiet = ({ host }: Dockmesh): boolean =>
  host.must(['find', '/etc/systemd/system', '-name', 'refit-guard*']) === '' &&
  host.must(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-*']) === '';

let whole: Promise<number> | undefined;

/** How long an upgrade takes that nobody disturbs, in milliseconds. */
async function measured(): Promise<number> {
  await using dockmesh = await booted();
  const began = performance.now();
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  return performance.now() - began;
}

const DRAWS = Array.from({ length: RESETS }, (_, n) => ({
  n: n + 1,
  share: 1.1 * drawn(`moment ${n}`),
  kind: n % 2 === 0 ? ('powerLoss' as const) : ('reboot' as const),
}));

test.each(DRAWS)(
  `reset $n ($kind, seed ${SEED}): one healthy version with its data, nobody typing anything`,
  async (draw) => {
    whole ??= measured();
    const ms = (await whole) * draw.share;
    await using dockmesh = await booted();
    const before = look(dockmesh);
    begin(dockmesh);
    await delay(ms);
    await dockmesh.host[draw.kind]();
    // Before the window there is no guard, and needs to be none: the old version has never been touched.
    for (const giveUpAt = performance.now() + 90_000; !isQuiet(dockmesh) && performance.now() < giveUpAt; )
      await delay(200);
    const version = await dockmesh.untilAnswers();
    expect({ ms, version, files: dockmesh.filesOf(releasesDir, version) }).toEqual({ ms, version, files: [] });
    expect([OLD, NEW]).toContain(version);
    const { stdout } = await dockmesh.refit(['status', '-o', 'json']);
    const [status] = (JSON.parse(stdout) as { installations: { state: { open?: unknown } }[] }).installations;
    if (status?.state.open !== undefined) {
      expect(version).toBe(OLD);
      expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
    }
    await (version === NEW ? expectNew : expectOld)(dockmesh, { releasesDir, before });
  },
);
