import fs from 'node:fs';
import { ask } from '../../scripts/install-sample.mjs';
import { readJournal } from '../../src/engine/journal.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import { type Standing, standingOf } from '../../src/engine/standing.ts';
import { factsOf } from '../../src/runbook/facts.ts';
import { storePaths } from '../../src/runbook/store/paths.ts';
import type { StoredRun } from '../../src/runbook/store/runs.ts';
import { type Ended, lastRun, readIfThere } from './commands.ts';
import type { Container } from './container.ts';
import { databaseProblems } from './database.ts';
import { hookProblems } from './hooks.ts';
import { litterProblems } from './litter.ts';
import { digestsOf, ENV_LINE, OLD, sha256 } from './scene.ts';
import { type Slot, UNIT } from './slot.ts';

/** What was true before the command of which the last run tells. */
export interface Before {
  /** The server's process. */
  readonly pid: string;
}

export function beforeCommand(slot: Slot): Before {
  return { pid: pidOf(slot) };
}

const pidOf = ({ prefix }: Slot): string => readIfThere(`${prefix}/run/${UNIT}.pid`);

/** Everything that is not as it must be after a crash and one command (design, "Invariants"). Empty: the machine is consistent. */
export async function problemsOf(
  slot: Slot,
  container: Container,
  before: Before,
  last: Ended | undefined,
): Promise<readonly string[]> {
  const run = await lastRun(slot);
  const standing = run === undefined ? undefined : standingOf(run.state);
  const version = versionClaimed(run, standing);
  const problems = [
    ...saidProblems(run, standing, last),
    ...filesProblems(slot, version),
    ...(await serviceProblems(slot, version)),
    ...databaseProblems(slot, version),
    ...litterProblems(slot, run),
    ...hookProblems(slot.prefix, run),
    ...eventProblems(run),
    ...(await lockProblems(slot)),
  ];
  if (standing?.name === 'committed' || standing?.name === 'partial') problems.push(...provenProblems(slot, run));
  // What it goes back from had restarted it.
  const alone = run?.state.plan.undoes === undefined;
  if (alone && standing?.name === 'untouched' && pidOf(slot) !== before.pid)
    problems.push('untouched, but the server was restarted');
  if (!container.hasLostNothing()) problems.push('a container lost what it wrote');
  return problems;
}

/** The version that must be active, if what the journal says is true. */
function versionClaimed(run: StoredRun | undefined, standing: Standing | undefined): string {
  if (run === undefined) return OLD;
  const { plan, committedHops } = run.state;
  if (standing?.name === 'partial') return plan.hops[committedHops - 1]?.to ?? 'none';
  return standing?.name === 'committed' ? plan.to : plan.from;
}

function saidProblems(run: StoredRun | undefined, standing: Standing | undefined, last: Ended | undefined): string[] {
  const problems: string[] = [];
  if (run !== undefined && run.state.ended === undefined) {
    problems.push(`the run has not ended: ${standing?.name} (${standing?.cause?.message ?? 'no cause'})`);
  }
  if (last === undefined) return problems;
  if (last.log !== '') problems.push(`the worker said: ${last.log.trim()}`);
  if (last.answer === undefined) problems.push('the worker gave no answer');
  else if (last.answer.error?.code === 'E_NOTHING_TO_ROLL_BACK' && last.answer.exit === 4) {
    if (standing?.name !== 'committed') problems.push(`told there is nothing to go back to, but ${standing?.name}`);
  } else if (run?.id !== last.run) {
    if (![4, 5, 6].includes(last.answer.exit)) problems.push(`exit ${last.answer.exit}, but nothing was begun`);
  } else if (standing !== undefined && last.answer.exit !== standing.exit) {
    problems.push(
      `exit ${last.answer.exit} (${last.answer.error?.message ?? 'no error'}), but the journal says ${standing.name}`,
    );
  }
  return problems;
}

/** Every installed file is of the one version, and the env file is as that version was given it. */
function filesProblems({ scene, installed, template, prefix }: Slot, version: string): string[] {
  const problems: string[] = [];
  const saw = digestsOf(installed);
  for (const [file, digest] of scene.digests.get(version) ?? []) {
    if (saw.get(file) === digest) continue;
    const other = [...scene.digests].find(([, files]) => files.get(file) === saw.get(file))?.[0];
    problems.push(`${file} is of ${other ?? saw.get(file)}, expected ${version}`);
  }
  const original = fs.readFileSync(installed.envFile.replace(prefix, template), 'utf8');
  const expected = version === OLD ? original : `${original}${ENV_LINE}\n`;
  if (fs.readFileSync(installed.envFile, 'utf8') !== expected) problems.push(`the env file is not that of ${version}`);
  return problems;
}

async function serviceProblems({ service, installed }: Slot, version: string): Promise<string[]> {
  const { activity } = await service.state(UNIT);
  if (activity !== 'active') return [`the service is ${activity}`];
  const ready = await ask(`${installed.url}/healthz/ready`);
  if (ready?.body !== 'ready') return [`the service says ${ready?.body ?? 'nothing'}`];
  const health = await ask(`${installed.url}/api/v1/health`);
  const told = (JSON.parse(health?.body ?? '{}') as { version?: string }).version;
  const policy = await ask(`${installed.url}/api/v1/agents/upgrade-policy`, {
    authorization: `Bearer ${installed.token}`,
  });
  const mode = (JSON.parse(policy?.body ?? '{}') as { mode?: string }).mode;
  return [
    ...(told === version ? [] : [`the service answers as ${told}, expected ${version}`]),
    ...(mode === 'auto' ? [] : [`the agents' policy is ${mode}, it was auto`]),
  ];
}

/** A viewer misses nothing, and sees nothing but whole lines: of a half one of a killed worker the number is given again. */
function eventProblems(run: StoredRun | undefined): string[] {
  const numbers = readIfThere(run?.paths.events ?? '')
    .split('\n')
    .flatMap(numberOf);
  const gap = numbers.findIndex((seq, index) => seq !== index + 1);
  return gap === -1 ? [] : [`event ${gap + 1} is numbered ${numbers[gap]}`];
}

function numberOf(line: string): readonly number[] {
  try {
    return [(JSON.parse(line) as { readonly seq: number }).seq];
  } catch {
    return [];
  }
}

async function lockProblems({ workshop, stateDirectory }: Slot): Promise<string[]> {
  const { held } = await workshop.host.lock.holder(storePaths(stateDirectory, UNIT).lock);
  return held ? ['the lock is still held'] : [];
}

/** Success stands on proof: of health, and of a copy to go back to. */
function provenProblems(slot: Slot, run: StoredRun | undefined): string[] {
  if (run === undefined) return ['success without a run'];
  const { records } = readJournal(fs.readFileSync(run.paths.journal), run.paths.journal);
  const { plan, committedHops } = run.state;
  const places = run.state.places.filter(({ hop }) => hop < committedHops);
  const problems = places
    .filter(({ index }) => !records.some((record) => record.type === 'step.end' && record.step === index))
    .map(({ step }) => `committed without the end of ${step.kind}`);
  if (!places.some(({ step }) => step.kind === 'verify-health'))
    problems.push('committed without a look at its health');
  const copied = outputOf(records, places.find(({ step }) => step.kind === 'copy-data')?.index);
  const manifest = `${factsOf(plan).generations}/${run.id}/manifest.json`;
  if (!fs.existsSync(manifest) || sha256(manifest) !== copied['manifestSha256'])
    problems.push('no proven copy of the data');
  problems.push(...archiveProblems(run));
  if (!fs.existsSync(`${slot.installed.binary}.old`) && plan.purpose === 'upgrade')
    problems.push('no old binary is kept');
  return problems;
}

/** The archive is there, and the one that is pinned; or the run says why it is not. */
function archiveProblems({ state, paths }: StoredRun): string[] {
  if (!state.places.some(({ step }) => step.kind === 'archive')) return [];
  if (!fs.existsSync(paths.archive)) return state.warnings.length > 0 ? [] : ['no archive, and no word about it'];
  const { archive, sha256: expected } = JSON.parse(fs.readFileSync(paths.archive, 'utf8')) as Record<string, string>;
  const file = `${factsOf(state.plan).generations}/${archive}`;
  if (!fs.existsSync(`${file}.json`)) return ['an archive without its list'];
  return fs.existsSync(file) && sha256(file) === expected ? [] : ['the archive is not the one that was made'];
}

function outputOf(records: readonly JournalRecord[], step: number | undefined): Readonly<Record<string, unknown>> {
  const end = records.findLast((record) => record.type === 'step.end' && record.step === step);
  return (end?.type === 'step.end' ? (end.output as Record<string, unknown>) : undefined) ?? {};
}
