import type { Host } from '../host/host.ts';
import type { Parent } from '../host/parent.ts';
import type { Said, Told } from './prober.ts';
import { type Orders, watch } from './watch.ts';

/** The prober's own life: what it is told on stdin, what it says on stdout, and nothing else. */
export async function probe(host: Pick<Host, 'http' | 'clock'>, parent: Parent): Promise<void> {
  const orders: Orders = { stoppedAtMs: undefined, untilMs: undefined };
  const say = (said: Said): void => parent.say(JSON.stringify(said));
  let watching: Promise<void> | undefined;
  let looking = false;
  const onLook = (): void => {
    if (looking) return;
    looking = true;
    say({ looking: true });
    // What is measured must not be longer for being measured.
    parent.giveWay();
  };
  for await (const text of parent.lines) {
    const told = JSON.parse(text) as Told;
    if ('stoppedAtMs' in told) orders.stoppedAtMs = told.stoppedAtMs;
    if ('untilMs' in told) orders.untilMs = told.untilMs;
    if ('ask' in told) watching = watch(host, told.ask, orders, onLook).then((measured) => say({ measured }));
  }
  // Nobody is left to be told anything: whoever started it is gone.
  orders.untilMs ??= 0;
  await watching;
}
