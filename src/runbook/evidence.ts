import { RefitError } from '../errors.ts';
import type { World } from './world.ts';

/** Lines kept of a failing service. */
const MAX_LINES = 2_000;

/**
 * Keeps what the service said since `cursor`, before anything is reverted; says where to read it. A full disk or a log that
 * cannot be read must not hide what failed.
 */
export async function keepEvidence(
  { host, service, facts, run }: World,
  cursor: string,
  name: string,
): Promise<string> {
  const { unit, manager, embedded } = facts.installation;
  try {
    const lines = await service.logsSince(unit, cursor, { maxLines: MAX_LINES });
    await host.files.makeDirectory(run.paths.evidence, { mode: 0o700 });
    const path = `${run.paths.evidence}/${name}.log`;
    await host.files.writeAtomic(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    return path;
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    return manager === 'systemd' ? `journalctl -u ${unit}` : (embedded?.log ?? '');
  }
}
