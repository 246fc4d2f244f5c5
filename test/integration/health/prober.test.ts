import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { HttpQuestion } from '../../../src/health/health.ts';
import { type Prober, processProber } from '../../../src/health/prober.ts';
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeClock } from '../../../src/host/node-clock.ts';
import { nodeHost, readIdentity } from '../../../src/host/node-host.ts';
import { commandLine, processesNaming, signal, until } from '../support/processes.ts';
import { REFIT } from '../support/scene.ts';

const LABEL = `/nowhere/runs/${process.pid}`;

function proberOf(...self: readonly [string, ...string[]]): Prober {
  return processProber(nodeHost(plainEffects, { ...readIdentity(), self: [...self] }));
}
const prober = proberOf(process.execPath, REFIT);

let server = http.createServer();
afterEach(() => void server.close());

/** Answers ready, on that port or any. */
async function listen(port = 0): Promise<number> {
  server = http.createServer((_request, response) => void response.end('ready'));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ready = (port: number): readonly HttpQuestion[] => [
  { kind: 'http', name: 'ready', url: `http://127.0.0.1:${port}/`, status: 200, body: 'ready' },
];

const probersNow = (): readonly number[] => processesNaming(LABEL).filter((pid) => commandLine(pid).includes('prober'));

test('a server that goes and comes back is measured, and the process ends', async () => {
  const port = await listen();
  const probing = prober.start({ ready: ready(port), alive: [] }, LABEL);
  expect(await probing.looking()).toBe(true);
  probing.stopping(nodeClock.monotonic());
  server.close();
  await once(server, 'close');
  await nodeClock.sleep(50);
  await listen(port);
  expect(await probing.measured()).toEqual({
    ready: { ms: expect.any(Number), resolutionMs: expect.any(Number) },
  });
  expect(probersNow()).toEqual([]);
});

test('one that is killed has no figure, and nobody waits for it', async () => {
  const probing = prober.start({ ready: ready(await listen()), alive: [] }, LABEL);
  expect(await probing.looking()).toBe(true);
  for (const pid of probersNow()) signal(pid, 'SIGKILL');
  probing.stopping(nodeClock.monotonic());
  expect(await probing.measured()).toBeUndefined();
  await probing.dismiss();
});

test('one that is dismissed is gone', async () => {
  const probing = prober.start({ ready: ready(await listen()), alive: [] }, LABEL);
  await until('it runs', () => probersNow().length > 0);
  await probing.dismiss();
  expect(probersNow()).toEqual([]);
});

test('one that cannot be started has no figure', async () => {
  const probing = proberOf('/nowhere/refit').start({ ready: ready(1), alive: [] }, LABEL);
  expect(await probing.looking()).toBe(false);
  expect(await probing.measured()).toBeUndefined();
});
