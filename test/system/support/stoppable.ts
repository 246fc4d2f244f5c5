// refit, whose worker holds still at the point that /run/stop-at names, once, so that a test can kill it, cut its power or look
// at the host exactly there. Shipped code has no seam for that; this file wraps what it is built on. A point is the record that
// was just made durable ("step.end swap-files", "hop.commit#2") or a rename that was just made ("rename /the/end/of/its/target").
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { type Plan, placesOf } from '../../../src/engine/plan.ts';

const WISH = '/run/stop-at';
const STOPPED = '/run/stopped-at';

interface Line {
  readonly type: string;
  readonly step?: number;
  readonly hop?: number;
  readonly plan?: Plan;
}

function holdStill(point: string): void {
  if (!fs.existsSync(WISH)) return;
  const [verb = '', what = ''] = fs.readFileSync(WISH, 'utf8').split(' ');
  if (!point.startsWith(verb) || !point.endsWith(what)) return;
  fs.rmSync(WISH);
  fs.writeFileSync(STOPPED, `${point}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

/** "step.end swap-files", of the last line of the journal that is open as `fd`; "step.end swap-files#2" in the second hop. */
function lastRecord(fd: number): string | undefined {
  const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
  if (!path.endsWith('/journal.jsonl')) return undefined;
  const lines = fs
    .readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const [first] = lines;
  const last = lines.at(-1);
  if (last?.step === undefined) return last?.hop === undefined ? last?.type : inHop(last.type, last.hop);
  const place = first?.plan === undefined ? undefined : placesOf(first.plan)[last.step];
  return place === undefined ? last.type : inHop(`${last.type} ${place.step.kind}`, place.hop);
}

function inHop(point: string, hop: number): string {
  return hop === 0 ? point : `${point}#${hop + 1}`;
}

async function watch(): Promise<void> {
  const probe = await promises.open('/dev/null');
  const handle = Object.getPrototypeOf(probe) as { datasync(): Promise<void> };
  await probe.close();
  const { datasync } = handle;
  handle.datasync = async function (this: { fd: number }): Promise<void> {
    await datasync.call(this);
    const record = lastRecord(this.fd);
    if (record !== undefined) holdStill(record);
  };
  const { rename } = promises;
  promises.rename = async (from, to) => {
    await rename(from, to);
    holdStill(`rename ${String(to)}`);
  };
  syncBuiltinESMExports();
}

if (process.argv[2] === 'worker') await watch();
await import('../../../bin/refit.js' as string);
