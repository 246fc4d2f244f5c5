import { expect } from 'vitest';
import { bootDockmesh, UPGRADE } from './dockmesh.ts';
import { expectNew, expectOld, look } from './outcome.ts';
import { NEW, releases } from './releases.ts';
import { STOPPABLE } from './tree.ts';

/** Directories whose unsynced contents a loss of power takes; everything else of the host survives it. */
export const DISKS = {
  state: ['/var/lib/refit'],
  data: ['/var/lib/dockmesh'],
  binaries: ['/usr/local/bin', '/usr/local/share'],
  units: ['/etc/systemd/system'],
} as const;

export interface Cut {
  /** Where the power goes (stoppable.ts). */
  readonly point: string;
  readonly disks: readonly (keyof typeof DISKS)[];
  /**
   * What was going on, and what is typed after the boot: an upgrade and `resume`; an upgrade and `rollback`; the way back of an
   * upgrade that fails and `resume`; a rollback of a finished upgrade and `resume`.
   */
  readonly during: 'upgrade' | 'upgrade, then rollback' | 'failure' | 'rollback';
  /** The boot may not start the service. */
  readonly down?: boolean;
}

const MEGABYTES = 512;
/** Where other sources lie in the host: on no disk that loses anything. */
const TREE = '/srv/refit';

/** Cuts the power and types one command. Undefined: wholly new or wholly old, as asked; else what was wrong. `tree`: of other sources. */
export async function cutPower(cut: Cut, tree?: string): Promise<string | undefined> {
  const { point, disks, during, down = false } = cut;
  const releasesDir = during === 'failure' ? releases({ [NEW]: 'migration' }) : releases();
  const directories = disks.flatMap((disk) => DISKS[disk]);
  await using dockmesh = await bootDockmesh('power', { releasesDir, disk: { megabytes: MEGABYTES, directories } });
  const { host, installed } = dockmesh;
  if (tree !== undefined) host.copyIn(tree, TREE);
  const entry = tree === undefined ? undefined : `${TREE}/${STOPPABLE}`;
  const before = look(dockmesh);
  if (during === 'rollback') expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  host.must(['sync', '--file-system', ...directories]);
  await dockmesh.stopAt(
    point,
    during === 'rollback' ? ['rollback', '--yes'] : [...UPGRADE(dockmesh.source), '--no-rehearse'],
    entry,
  );
  await host.powerLoss();
  try {
    if (down) expect(host.must(['systemctl', 'show', '-P', 'ActiveState', installed.unit])).toBe('inactive');
    const words = during === 'upgrade, then rollback' ? ['rollback', '--yes'] : ['resume'];
    const exitCode = during === 'failure' ? 7 : 0;
    const ended = await dockmesh.refit(words, entry);
    expect(ended, `${ended.stdout}${ended.stderr}`).toMatchObject({ exitCode });
    await (during === 'upgrade' ? expectNew : expectOld)(dockmesh, { releasesDir, before });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
