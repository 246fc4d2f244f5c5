import { once } from 'node:events';
import net from 'node:net';
import type { Ports } from '../../../scripts/install-sample.mjs';

/**
 * Two ports below those that the kernel gives out by itself: while refit has stopped a server, no connection on this machine
 * may take its place. Each test worker has a range of its own.
 */
export async function quietPorts(): Promise<Ports> {
  return { http: await nextFree(), agent: await nextFree() };
}

const FIRST = 10_000 + 1_000 * (Number(process.env['VITEST_POOL_ID'] ?? 1) % 20);
let last = FIRST + (process.pid % 500);

async function nextFree(): Promise<number> {
  for (;;) {
    // Another test of this file may ask meanwhile.
    const port = last + 1 < FIRST + 1_000 ? last + 1 : FIRST;
    last = port;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = net.createServer();
  const listening = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!(await listening)) return false;
  await once(server.close(), 'close');
  return true;
}
