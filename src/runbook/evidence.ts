import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import { ignoring } from './ignoring.ts';
import { textOf } from './outputs.ts';
import { redact, secretsIn } from './redact.ts';
import type { World } from './world.ts';

/** Lines kept of a failing service. */
const MAX_LINES = 2_000;
/** A unit or an env file larger than that is none. */
const MAX_CONFIG_BYTES = 2 ** 20;

/**
 * Keeps what the service said since `cursor`, before anything is reverted; says where to read it. Beside it what both versions
 * said since the run began, and the configuration without its secrets. A full disk or a log that cannot be read must not hide
 * what failed.
 */
export async function keepEvidence(world: World, cursor: string, name: string): Promise<string> {
  const { host, facts, run, outputOf } = world;
  const { unit, manager, embedded } = facts.installation;
  const begun = textOf(outputOf('copy-live'), 'cursor');
  const path = `${run.paths.evidence}/${name}.log`;
  try {
    await host.files.makeDirectory(run.paths.evidence, { mode: 0o700 });
    await keepLog(world, cursor, path);
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    return manager === 'systemd' ? `journalctl -u ${unit}` : (embedded?.log ?? '');
  }
  if (begun !== undefined) await ignoring(() => keepLog(world, begun, `${run.paths.evidence}/both-versions.log`));
  await ignoring(() => keepConfig(world));
  return path;
}

async function keepLog({ host, service, facts }: World, cursor: string, path: string): Promise<void> {
  const lines = await service.logsSince(facts.installation.unit, cursor, { maxLines: MAX_LINES });
  await host.files.writeAtomic(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
}

async function keepConfig({ host, facts, run }: World): Promise<void> {
  const directory = `${run.paths.evidence}/config`;
  await host.files.makeDirectory(directory, { mode: 0o700 });
  const secrets = secretsIn(facts.installation.scope.env);
  for (const [index, path] of facts.keepsakes.entries()) {
    const text = (await host.files.read(path, { maxBytes: MAX_CONFIG_BYTES })).toString('utf8');
    await host.files.writeAtomic(`${directory}/${index}-${posix.basename(path)}`, redact(text, secrets), {
      mode: 0o600,
    });
  }
}
