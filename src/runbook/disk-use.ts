import type { Host } from '../host/host.ts';

/** As `du` counts it: blocks on disk. Undefined where it cannot be counted. */
export async function diskUse({ commands }: Pick<Host, 'commands'>, path: string): Promise<number | undefined> {
  const done = await commands.query(['du', '-sxB1', '--', path], { timeoutMs: 60_000 });
  const size = Number(done.stdout.split('\t')[0]);
  return done.exitCode === 0 && Number.isFinite(size) ? size : undefined;
}
