// Runs in a throw-away host: a real service manager on the real machine, one call per line of JSON on stdin.
import { createInterface } from 'node:readline';
import { RefitError } from '../../../src/errors.ts';
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../../src/host/node-host.ts';
import type { ServiceManager } from '../../../src/service/service.ts';
import { systemdManager } from '../../../src/service/systemd.ts';
import type { Answer, Call } from './remote-manager.ts';

const manager = systemdManager(nodeHost(plainEffects, readIdentity()));

async function answer({ method, values }: Call): Promise<Answer> {
  try {
    const call = manager[method] as (...values: readonly unknown[]) => ReturnType<ServiceManager[typeof method]>;
    // JSON knows no undefined.
    return { value: await call(...values.map((value) => value ?? undefined)) };
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    const { code, message, hint } = error;
    return { refused: { code, message, hint } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Call))}\n`);
}
