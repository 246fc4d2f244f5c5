import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Loopback, type Reply, startLoopback } from '../../support/loopback.ts';
import { type Before, expectUntouched, look } from '../support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from '../support/scene.ts';

export const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const OTHER_ARCHIVE = `sample_linux_${ARCH === 'amd64' ? 'arm64' : 'amd64'}.tar.gz`;

export interface Refused {
  readonly code: string;
  readonly exit: number;
  /** Of the message: the file, what was seen, what was expected. */
  readonly says: readonly (string | RegExp)[];
}

/** One installed server and one mirror, for all cases of the corpus. */
export interface Stage extends AsyncDisposable {
  readonly scene: Scene;
  readonly mirror: Loopback;
  /** The true archive, and its digest. */
  readonly good: Buffer;
  readonly sha256: string;
  /** Serves the release; what is not given is true. `null`: not there. */
  serve(what?: Served): void;
  /** refit upgrade from that mirror. `waits`: for minutes, which are seconds then. */
  upgrade(options?: {
    readonly waits?: boolean | undefined;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<Outcome>;
  /** Every byte of the installation is as before, and of the archive only what may stay is left. */
  expectUntouched(stays?: Stays): Promise<void>;
}

/** Of what was downloaded: what is short is gone on with, what nobody spoke against may be proven by the next try. */
export type Stays = 'nothing' | 'part' | 'archive';
const MAY_STAY: Readonly<Record<Stays, RegExp>> = {
  nothing: /^(?!)/,
  part: /\.part(?:\.json)?$/,
  archive: /\.tar\.gz$/,
};

export interface Served {
  readonly catalogue?: Reply | undefined;
  readonly checksums?: Reply | null | undefined;
  readonly sidecar?: Reply | undefined;
  readonly archive?: Reply | undefined;
}

const IMPATIENT = path.resolve(import.meta.dirname, '../support/impatient.ts');

export async function openStage(): Promise<Stage> {
  const scene = await openScene({ versions: [OLD, NEW] });
  const mirror = await startLoopback();
  const before: Before = await look(scene);
  const read = (name: string): Buffer => fs.readFileSync(path.join(scene.releases, NEW, name));
  const good = read(ARCHIVE);
  // Without a list of assets: what a case puts there has any size.
  const catalogue = JSON.stringify([{ tag_name: NEW, prerelease: false, draft: false }]);
  const absent: Reply = { status: 404, body: 'not found' };
  return {
    scene,
    mirror,
    good,
    sha256: digest(good),
    serve({ catalogue: list = { body: catalogue }, checksums, sidecar, archive = { body: good } } = {}) {
      mirror.on('/releases.json', list);
      mirror.on(`/${NEW}/checksums.txt`, checksums === null ? absent : (checksums ?? { body: read('checksums.txt') }));
      mirror.on(`/${NEW}/${ARCHIVE}.sha256`, sidecar ?? absent);
      mirror.on(`/${NEW}/${ARCHIVE}`, archive);
      mirror.on(`/${NEW}/${OTHER_ARCHIVE}`, { body: read(OTHER_ARCHIVE) });
    },
    upgrade: ({ waits = false, env = {} } = {}) =>
      scene.refit(['upgrade', '--yes', '--no-rehearse', '--to', 'v0.2.x', '--source', mirror.url], {
        env,
        ...(waits ? { entry: IMPATIENT } : {}),
      }),
    async expectUntouched(stays = 'nothing') {
      const folder = path.join(scene.state, 'releases', NEW);
      const left = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith(ARCHIVE)) : [];
      fs.rmSync(path.join(scene.state, 'releases'), { recursive: true, force: true });
      expect(left.filter((name) => !MAY_STAY[stays].test(name))).toEqual([]);
      await expectUntouched(scene, before);
    },
    async [Symbol.asyncDispose]() {
      await mirror[Symbol.asyncDispose]();
      await scene[Symbol.asyncDispose]();
    },
  };
}

export const digest = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** By its code, its exit status and its words, whoever says it: the command, or the run at its end. */
export function expectRefused({ exit, stdout, stderr }: Outcome, { code, exit: expected, says }: Refused): void {
  const told = /error: ([\s\S]*?)\n {2}code: (\S+)/.exec(stderr) ?? /^(.*)\[(E_[A-Z_]+)\]/m.exec(stdout);
  const [, message = '', seen] = told ?? [];
  expect({ exit, code: seen }, `${stderr}\n${stdout}`).toEqual({ exit: expected, code });
  for (const words of says) expect(message).toMatch(words);
}
