import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const LAB = resolve(import.meta.dirname, '../../lab/lab');
const PROJECT = resolve(import.meta.dirname, '../../..');

/** Where hosts have this Node: a hardened unit does not see a checkout below /tmp or /home. */
export const HOST_NODE = '/opt/lab-node/node';

const run = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

export interface Outcome {
  /** 128 and the signal's number where one ended it, as a shell says. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A throw-away host with a real systemd. It sees this machine's programs and this project, and keeps what it changes to itself. */
export interface LabHost extends AsyncDisposable {
  readonly name: string;
  readonly address: string;
  /** Its root directory, seen from here. Changes with every boot. */
  root(): string;
  /** What it wrote over this machine's files, seen from here. */
  layer(): string;
  /** Runs a command in it to its end; any end is a result. */
  exec(argv: readonly string[], options?: { readonly input?: string }): Outcome;
  /** As `exec`, and anything but exit 0 throws what it printed. Gives stdout without its last line break. */
  must(argv: readonly string[], options?: { readonly input?: string }): string;
  /** The argv to run `argv` in it, for a test that starts it by itself. */
  argv(argv: readonly string[]): [string, ...string[]];
  /** Copies a file or tree of this machine to a path in it. */
  copyIn(from: string, to: string): void;
  /** Every process killed, then booted; what was written is still there, synced or not. */
  reboot(): Promise<void>;
  /** The same in order, by `systemctl reboot`. */
  restart(): Promise<void>;
  /** As `reboot`, and of its disk only what had reached it is left. */
  powerLoss(): Promise<void>;
}

export interface HostOptions {
  /** Directories of it on a disk of their own; the rest of it survives even a power loss. */
  readonly disk?: { readonly megabytes: number; readonly directories: readonly string[] };
}

/** No test is skipped where it cannot run: what was not tried was not proven. */
function assertPossible(): void {
  if (process.getuid?.() !== 0) throw new Error('System tests need root: sudo npm run test:system');
  const { error } = spawnSync('/lib/systemd/systemd', ['--version']);
  if (error !== undefined) throw new Error('System tests need systemd: apt-get install systemd dbus');
}

async function lab(...words: readonly string[]): Promise<string> {
  const env = { ...process.env, LAB_SHARE: `${PROJECT}:${dirname(process.execPath)}=${dirname(HOST_NODE)}` };
  const { stdout } = await run(LAB, words, { env, maxBuffer: MAX_OUTPUT });
  return stdout.trim();
}

/** Boots a host of this name; one that a crashed test run left is removed first. Test files run side by side: each worker has its own. */
export async function bootHost(wish: string, { disk }: HostOptions = {}): Promise<LabHost> {
  assertPossible();
  const worker = process.env['VITEST_POOL_ID'];
  const name = worker === undefined ? wish : `${wish}-${worker}`;
  await lab('down', name);
  if (disk !== undefined) await lab('disk', name, String(disk.megabytes), ...disk.directories);
  const address = await lab('up', name);
  const root = (): string => execFileSync(LAB, ['root', name], { encoding: 'utf8' }).trim();
  const argv = (words: readonly string[]): [string, ...string[]] => [LAB, 'exec', name, ...words];
  const exec: LabHost['exec'] = (words, { input = '' } = {}) => {
    const [program, ...args] = argv(words);
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      encoding: 'utf8',
      input,
      maxBuffer: MAX_OUTPUT,
    });
    if (error !== undefined) throw error;
    return { exitCode: status ?? -1, stdout, stderr };
  };
  return {
    name,
    address,
    root,
    layer: () => execFileSync(LAB, ['layer', name], { encoding: 'utf8' }).trim(),
    argv,
    exec,
    must(words, options) {
      const { exitCode, stdout, stderr } = exec(words, options);
      if (exitCode === 0) return stdout.replace(/\n$/, '');
      throw new Error(`${words.join(' ')} on ${name}: exit code ${exitCode}\n${stdout}${stderr}`);
    },
    copyIn(from, to) {
      exec(['mkdir', '-p', dirname(to)]);
      cpSync(from, `${root()}${to}`, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    },
    reboot: async () => void (await lab('reboot', name)),
    restart: async () => void (await lab('restart', name)),
    powerLoss: async () => void (await lab('powerloss', name)),
    [Symbol.asyncDispose]: async () => void (await lab('down', name)),
  };
}
