import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Effects, plainEffects } from '../../src/host/effects.ts';
import type { Host } from '../../src/host/host.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';

/** The real machine. */
export function realHost(effects: Effects = plainEffects): Host {
  return nodeHost(effects, readIdentity());
}

/** A folder that is gone after the test. */
export async function scratch(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'refit-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export class Killed extends Error {}

/** Acts `count` times, then never again: what a kill leaves behind. */
export function dieAfter(count: number): Effects {
  let done = 0;
  return {
    async run(_effect, act) {
      if (done === count) throw new Killed();
      done += 1;
      return act(() => undefined);
    },
  };
}

/** Runs `act` cut short after every number of effects, until it gets through; `after` follows each time. Returns how many effects there are. */
export async function atEveryKill(
  act: (host: Host, attempt: number) => Promise<unknown>,
  after: (attempt: number) => Promise<void>,
): Promise<number> {
  for (let count = 0; ; count += 1) {
    const survived = await act(realHost(dieAfter(count)), count).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Killed) return false;
        throw error;
      },
    );
    await after(count);
    if (survived) return count;
  }
}

/** All that is below a directory, by tools of its own: names as bytes, type, mode, owner, mtime, links, contents. */
export function listing(directory: string): readonly string[] {
  const run = (...words: string[]) => execFileSync('find', [directory, ...words], { encoding: 'latin1' });
  const facts = run('-printf', '%P|%y|%m|%U|%G|%T@|%l\\0').split('\0');
  const sums = run('-type', 'f', '-exec', 'sha256sum', '-z', '--', '{}', '+').split('\0');
  return [...facts, ...sums].sort();
}
