import net from 'node:net';
import { setTimeout } from 'node:timers/promises';

const EVERY_MS = 5;
const ANSWER_MS = 1000;
/** A gigabyte packed by hand takes most of a minute. */
const BACK_MS = 180_000;

/** Waits until it answers. */
export async function untilBack(address: string, port: number): Promise<void> {
  for (const deadline = performance.now() + BACK_MS; performance.now() < deadline; await setTimeout(EVERY_MS)) {
    if (await isReady(address, port)) return;
  }
  throw new Error(`Cannot measure a window: saw no answer at ${address}:${port}`);
}

/**
 * Milliseconds for which a server was away while `act` ran, and after it until it is back: from the first question without a
 * good answer to the next good one. Asks over a new connection each time, as new users would.
 */
export async function awayDuring(address: string, port: number, act: () => Promise<unknown>): Promise<number> {
  await untilBack(address, port);
  let acting = true;
  const acted = act().finally(() => {
    acting = false;
  });
  // The failure of the act is what went wrong, whatever the prober makes of it; and both have to end.
  const [outcome, away] = await Promise.allSettled([acted, probe(address, port, () => acting)]);
  if (outcome.status === 'rejected') throw outcome.reason;
  if (away.status === 'rejected') throw away.reason;
  return away.value;
}

async function probe(address: string, port: number, isActing: () => boolean): Promise<number> {
  let total = 0;
  for (;;) {
    // Once more after the end: `systemctl restart` may be over before anybody has asked again.
    const isLast = !isActing();
    const asked = performance.now();
    if (!(await isReady(address, port))) {
      await untilBack(address, port);
      total += performance.now() - asked;
    }
    if (isLast) return total;
    await setTimeout(EVERY_MS);
  }
}

/** One request by hand: a client with a pool would hide what a new connection meets. */
function isReady(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let said = '';
    const socket = net.connect({ host: address, port }, () => {
      socket.write(`GET /healthz/ready HTTP/1.1\r\nHost: ${address}\r\nConnection: close\r\n\r\n`);
    });
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (bytes) => {
      said += bytes.toString('latin1');
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(/^HTTP\/1\.1 200 .*\r\n\r\n(5\r\n)?ready\b(?! )/s.test(said)));
  });
}
