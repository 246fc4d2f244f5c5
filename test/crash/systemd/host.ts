import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { common } from '../../../scripts/bundle.ts';
import { bootDockmesh, type Dockmesh } from '../../system/support/dockmesh.ts';
import { NEW, OLD, releases } from '../../system/support/releases.ts';
import type { Injection, Whose } from '../injection.ts';

export { NEW, OLD };

/** A release that answers, and is never healthy. */
export const FAILING = 'v0.2.14';

/** Where the installed refit lies in a host, with the faulty effects in its workers. */
export const REFIT = '/srv/refit/bin/refit.js';
export const STATE = '/var/lib/refit';
export const COPIES = '/usr/local/lib/refit';
export const UNITS = '/etc/systemd/system';
const FIRED = '/srv/fired';
const TRACE = '/srv/trace';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Its deadline is short: a start that was left is overdue before the first trial of it. */
const SETTINGS = `health: { soak: 100ms, timeout: 3s }
service: { start_timeout: 3s, guard_interval: 1s }
`;

/** One booted host for many trials. */
export interface CrashHost extends AsyncDisposable {
  readonly dockmesh: Dockmesh;
  readonly releasesDir: string;
  /** A path of the host, seen from here. */
  at(file: string): string;
  /** The next worker of that kind suffers it, once where `once`; false: whoever comes. */
  plant(whose: Whose, injection: Injection, once?: boolean): void;
  unplant(whose: Whose): void;
  /** Whether it came to its spot. */
  fired(): boolean;
  /** Where the effects are traced, for the injection, and seen from here. */
  readonly trace: { readonly path: string; readonly file: string };
}

/** A host with a server in use on it, and refit as it is installed. */
export async function bootCrashHost(name: string, directory: string): Promise<CrashHost> {
  const releasesDir = releases({ [FAILING]: 'redflag' }, [OLD, NEW, FAILING]);
  const dockmesh = await bootDockmesh(name, { releasesDir });
  const { host } = dockmesh;
  // It is never booted again.
  const root = host.root();
  const at = (file: string) => `${root}${file}`;
  host.copyIn(await program(path.join(directory, name)), path.dirname(path.dirname(REFIT)));
  dockmesh.write('/etc/refit/dockmesh.yaml', SETTINGS);
  const injection = (whose: Whose) => at(`${STATE}/injection-${whose}.json`);
  return {
    dockmesh,
    releasesDir,
    at,
    plant(whose, wish, once = true) {
      fs.rmSync(at(FIRED), { force: true });
      fs.mkdirSync(at(STATE), { recursive: true, mode: 0o711 });
      fs.writeFileSync(injection(whose), JSON.stringify(once ? { ...wish, firedPath: FIRED } : wish));
    },
    unplant: (whose) => fs.rmSync(injection(whose), { force: true }),
    fired: () => fs.existsSync(at(FIRED)),
    trace: { path: TRACE, file: at(TRACE) },
    [Symbol.asyncDispose]: () => dockmesh[Symbol.asyncDispose](),
  };
}

/** bin, dist and package.json, as `npm pack` ships them. */
async function program(out: string): Promise<string> {
  await build({
    ...common,
    entryPoints: ['test/crash/faulty-dist.ts'],
    outfile: path.join(out, 'dist/main.js'),
    format: 'esm',
    legalComments: 'none',
    banner: {
      js: "import { createRequire as refitRequire } from 'node:module';\nconst require = refitRequire(import.meta.url);",
    },
  });
  for (const part of ['bin', 'package.json'])
    fs.cpSync(path.join(ROOT, part), path.join(out, part), { recursive: true });
  return out;
}
