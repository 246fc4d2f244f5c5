import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, RefitError } from '../../../src/errors.ts';
import type { ServiceManager } from '../../../src/service/service.ts';
import type { LabHost } from './host.ts';

export interface Call {
  readonly method: Exclude<keyof ServiceManager, 'kind'>;
  readonly values: readonly unknown[];
}

export interface Answer {
  readonly value?: unknown;
  readonly refused?: { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined };
}

const SERVER = fileURLToPath(new URL('./manager-server.ts', import.meta.url));

export type RemoteManager = ServiceManager & AsyncDisposable;

/** The systemd manager of a throw-away host, each call made by a process in that host. One call at a time. `server`: of other sources. */
export function remoteManager(host: LabHost, server: string = SERVER): RemoteManager {
  const [program, ...args] = host.argv([process.execPath, server]);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function call(method: Call['method'], values: readonly unknown[]): Promise<unknown> {
    child.stdin.write(`${JSON.stringify({ method, values } satisfies Call)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`The manager on ${host.name} died in ${method}`);
    const { value, refused } = JSON.parse(line.value) as Answer;
    if (refused !== undefined) throw new RefitError(refused.code, refused.message, { hint: refused.hint });
    return value;
  }

  const dispose = async (): Promise<void> => {
    child.stdin.end();
    while ((await lines.next()).done !== true);
  };
  return new Proxy({} as RemoteManager, {
    get(_target, name) {
      if (name === 'kind') return 'systemd';
      if (name === Symbol.asyncDispose) return dispose;
      // A promise is looked for in everything that is awaited.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return (...values: readonly unknown[]) => call(name as Call['method'], values);
    },
  });
}
