import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefitError } from '../../src/errors.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';
import type { ReleaseHost } from '../../src/release/release.ts';

/** A fresh folder and the real host, whose clock sleeps in no time and remembers for how long it was asked to. */
export interface Workshop extends AsyncDisposable {
  readonly host: ReleaseHost;
  readonly folder: string;
  readonly slept: readonly number[];
  /** Writes a file below the folder; its absolute path. */
  put(name: string, data: string | Buffer): Promise<string>;
}

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-release-'));
  const real = nodeHost(plainEffects, { ...readIdentity(), environment: {} });
  const slept: number[] = [];
  return {
    host: {
      files: real.files,
      http: real.http,
      clock: {
        ...real.clock,
        async sleep(ms, stop) {
          stop?.throwIfAborted();
          slept.push(ms);
        },
      },
    },
    folder,
    slept,
    async put(name, data) {
      const path = join(folder, name);
      await writeFile(path, data);
      return path;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The coded refusal that `act` ends with; anything else fails the test. */
export async function refusalOf(act: () => unknown): Promise<RefitError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof RefitError) return error;
    throw error;
  }
  throw new Error('expected a refusal, saw success');
}
