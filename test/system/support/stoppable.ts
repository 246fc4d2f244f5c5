// refit, whose worker holds still at the point that /run/stop-at names, once, so that a test can kill it, cut its power or look
// at the host exactly there. Shipped code has no seam for that; this file wraps what it is built on. A point is the record that
// was just made durable ("step.end swap-files", "hop.commit") or a rename that was just made ("rename /the/end/of/its/target").
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const WISH = '/run/stop-at';
const STOPPED = '/run/stopped-at';

interface Line {
  readonly type: string;
  readonly step?: number;
  readonly plan?: { readonly hops: readonly { readonly steps: readonly { readonly kind: string }[] }[] };
}

function holdStill(point: string): void {
  if (!fs.existsSync(WISH)) return;
  const [verb = '', what = ''] = fs.readFileSync(WISH, 'utf8').split(' ');
  if (!point.startsWith(verb) || !point.endsWith(what)) return;
  fs.rmSync(WISH);
  fs.writeFileSync(STOPPED, `${point}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

/** "step.end swap-files", of the last line of the journal that is open as `fd`. */
function lastRecord(fd: number): string | undefined {
  const path = fs.readlinkSync(`/proc/self/fd/${fd}`);
  if (!path.endsWith('/journal.jsonl')) return undefined;
  const lines = fs
    .readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const kinds = lines[0]?.plan?.hops.flatMap(({ steps }) => steps.map(({ kind }) => kind)) ?? [];
  const last = lines.at(-1);
  return last?.step === undefined ? last?.type : `${last.type} ${kinds[last.step]}`;
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
