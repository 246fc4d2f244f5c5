import { resolve } from 'node:path';
import type { Context, Output } from './cli/context.ts';
import { flagNames, type Parsed, parse, settingsFor } from './cli/program.ts';
import { VERSION } from './cli/version.ts';
import { EXIT, exitOf, RefitError } from './errors.ts';
import { type Effects, plainEffects } from './host/effects.ts';
import type { Identity } from './host/host.ts';
import type { Terminal } from './host/terminal.ts';
import type { Workshop } from './runbook/workshop.ts';

/** Runs one command line. Tests hand in other effects; nothing that ships does. */
export async function main(effects: Effects = plainEffects): Promise<void> {
  // Silence is failure: whatever ends this process before it has said how it went.
  process.exitCode = EXIT.bug;
  const argv = process.argv.slice(2);
  process.exitCode = await dispatch(effects, argv);
}

function dispatch(effects: Effects, argv: readonly string[]): Promise<number> {
  const [verb, first, second] = argv;
  if (verb === 'worker' && first !== undefined) return workerMain(effects, first);
  if (verb === 'prober' && first !== undefined) return proberMain(effects);
  if (verb === 'guard' && first !== undefined && second !== undefined) return guardMain(effects, first, second);
  return command(effects, argv);
}

async function command(effects: Effects, argv: readonly string[]): Promise<number> {
  const { nodeTerminal } = await import('./host/node-terminal.ts');
  const terminal = nodeTerminal();
  // Until the command line is understood: a script that asked for json gets its errors as json too.
  let output: Output = argv.some((word) => /^(--output=|-o)?(nd)?json$/.test(word)) ? 'json' : 'table';
  try {
    const parsed = parse(argv, { version: VERSION, out: terminal.out, err: terminal.err });
    if (parsed === undefined) return EXIT.ok;
    const { readIdentity } = await import('./host/node-host.ts');
    const identity = readIdentity();
    const flags = await withSettings(effects, identity, parsed);
    output = outputOf(flags['output']);
    const context = { ...contextOf(effects, identity, terminal, output, flags, argv), given: parsed.given };
    return await (await parsed.verb.load())(context, flags, parsed.operands);
  } catch (error) {
    const { reportError } = await import('./cli/report/error.ts');
    reportError(terminal, output, error);
    return exitOf(error);
  }
}

function outputOf(value: unknown): Output {
  if (value === undefined || value === 'table') return 'table';
  if (value === 'json' || value === 'ndjson') return value;
  throw new RefitError('E_USAGE', `Cannot print as "${String(value)}": expected table, json or ndjson`, {
    hint: '-o json',
  });
}

/** What was neither typed nor set by environment comes from refit.yaml. */
async function withSettings(effects: Effects, identity: Identity, parsed: Parsed): Promise<Parsed['flags']> {
  const { nodeHost } = await import('./host/node-host.ts');
  const { files } = nodeHost(effects, identity);
  const path = identity.environment['REFIT_CONFIG'] ?? '/etc/refit/refit.yaml';
  if ((await files.stat(path)) === undefined) return parsed.flags;
  const { loadSettings } = await import('./product/settings.ts');
  const text = (await files.read(path, { maxBytes: 262_144 })).toString('utf8');
  const settings = loadSettings({ file: path, text }, flagNames());
  return { ...parsed.flags, ...settingsFor(parsed, settings) };
}

function contextOf(
  effects: Effects,
  identity: Identity,
  terminal: Terminal,
  output: Output,
  flags: Parsed['flags'],
  argv: readonly string[],
): Omit<Context, 'given'> {
  let built: Promise<Workshop> | undefined;
  const named = typeof flags['stateDir'] === 'string' ? flags['stateDir'] : undefined;
  return {
    terminal,
    output,
    environment: identity.environment,
    workingDirectory: identity.workingDirectory,
    typed: ['refit', ...argv].join(' '),
    workshop() {
      built ??= assembled(effects, identity, stateDirectoryOf(identity, named, flags['prefix']), flags);
      return built;
    },
  };
}

/** The state of a root-less installation lies in its prefix: /var/lib is not ours there. */
function stateDirectoryOf(identity: Identity, named: string | undefined, prefix: unknown): string {
  const given = named ?? identity.environment['STATE_DIRECTORY'];
  if (given !== undefined && given !== '') return resolve(identity.workingDirectory, given);
  return typeof prefix === 'string' ? `${resolve(identity.workingDirectory, prefix)}/var/refit` : '/var/lib/refit';
}

/** All rooms in one file, so that the bundle has them in one: opening each file costs a start half a millisecond. */
async function assembled(...wanted: Parameters<typeof import('./assemble.ts').workshopOf>): Promise<Workshop> {
  const { workshopOf } = await import('./assemble.ts');
  return workshopOf(...wanted);
}

/** A worker owns no terminal, reads nothing but its request, and outlives whoever asked for it. */
async function workerMain(effects: Effects, path: string): Promise<number> {
  const { keepYoungHeapSmall } = await import('./host/young-heap.ts');
  keepYoungHeapSmall();
  const { readIdentity, nodeHost } = await import('./host/node-host.ts');
  const identity = readIdentity();
  const { readRequest } = await import('./runbook/worker/request.ts');
  const request = await readRequest(nodeHost(effects, identity).files, path);
  const environment = { ...identity.environment, ...request.network };
  const workshop = await assembled(effects, { ...identity, environment }, request.stateDirectory, {});
  const { work } = await import('./runbook/worker/work.ts');
  return work(workshop, request, await signalsOf(workshop));
}

/** Started by a worker, which it dies with: it looks, and says what it saw. */
async function proberMain(effects: Effects): Promise<number> {
  const { readIdentity, nodeHost } = await import('./host/node-host.ts');
  const { nodeParent } = await import('./host/parent.ts');
  const { probe } = await import('./health/probe.ts');
  await probe(nodeHost(effects, readIdentity()), nodeParent());
  return EXIT.ok;
}

/** What the host's manager starts at intervals while a run is open. What it is refused with is for the host's log. */
async function guardMain(effects: Effects, stateDirectory: string, installation: string): Promise<number> {
  const { readIdentity } = await import('./host/node-host.ts');
  try {
    const workshop = await assembled(effects, readIdentity(), stateDirectory, {});
    const { guard } = await import('./runbook/worker/guard.ts');
    return await guard(workshop, installation, await signalsOf(workshop));
  } catch (error) {
    const { nodeTerminal } = await import('./host/node-terminal.ts');
    const { reportError } = await import('./cli/report/error.ts');
    reportError(nodeTerminal(), 'table', error);
    return exitOf(error);
  }
}

/** INT and TERM pause between steps; when the manager is stopping, at once. HUP and TSTP mean nothing here (law 7). */
async function signalsOf({
  systemd,
}: Workshop): Promise<{ readonly pause: AbortSignal; readonly shutdown: AbortSignal }> {
  const { Interrupted } = await import('./engine/step.ts');
  const pause = new AbortController();
  const shutdown = new AbortController();
  for (const signal of ['SIGHUP', 'SIGTSTP', 'SIGPIPE'] as const) process.on(signal, () => undefined);
  process.on('SIGINT', () => pause.abort(new Interrupted('signal')));
  process.on('SIGTERM', async () => {
    if (await systemd?.managerStopping()) shutdown.abort(new Interrupted('shutdown'));
    pause.abort(new Interrupted('signal'));
  });
  return { pause: pause.signal, shutdown: shutdown.signal };
}
