import type { Hop, Plan, PlannedStep } from '../engine/plan.ts';
import type { Hook } from '../product/schema.ts';
import { comparedOf } from './baseline-rows.ts';
import { type Facts, targetVersion } from './facts.ts';
import { hooksAt } from './hooks.ts';
import { hasOpening, openingText } from './opening.ts';
import { fileCount } from './words.ts';

/** The stages of the runbook, in order; each is a verb a person types. */
export const STAGES = ['fetch', 'verify', 'backup', 'swap', 'migrate', 'verify-health'] as const;
export type Stage = (typeof STAGES)[number];

/** What a step does to the service and the product; by default neither. */
interface Nature {
  /** From the stop until the new version answers. */
  readonly window?: boolean;
  readonly touches?: boolean;
}

/**
 * The runbook, as a list: profile and facts in, plan out; of an upgrade over several releases, `later` are the facts of its
 * further hops. Pure. Read this first.
 * A step that has nothing to do for this product or installation is left out here, not skipped later.
 */
export function compile(purpose: Plan['purpose'], facts: Facts, later: readonly Facts[] = []): Plan {
  const { installation } = facts;
  const steps = purpose === 'upgrade' ? upgrade(facts) : purpose === 'rollback' ? rollback(facts) : install(facts);
  const hops = [hopOf(facts, steps), ...later.map((next) => ({ ...hopOf(next, upgrade(next)), facts: plainly(next) }))];
  return {
    format: 1,
    purpose,
    product: installation.product,
    installation: installation.name,
    from: installation.version,
    to: targetVersion(later.at(-1) ?? facts),
    stages: STAGES,
    facts: plainly(facts),
    hops: later.length === 0 ? hops : hops.map(lookingAhead),
  };
}

function hopOf(facts: Facts, steps: readonly PlannedStep[]): Hop {
  return { from: facts.installation.version, to: targetVersion(facts), steps };
}

/** As the journal will hold them. */
function plainly(facts: Facts): unknown {
  return JSON.parse(JSON.stringify(facts));
}

const AHEAD: readonly string[] = ['download', 'prove', 'unpack'];

/** Of several hops every release is there and proven before the first window, and each step says whose it is. */
function lookingAhead(hop: Hop, number: number): Hop {
  const steps = hop.steps.map((step) => {
    if (AHEAD.includes(step.kind)) return { ...step, ahead: true, title: `${hop.to}: ${step.title}` };
    // The release is verified; this runs the binary that is installed by then.
    return step.kind === 'learn-schema' && number > 0 ? { ...step, stage: 'backup' } : step;
  });
  return { ...hop, steps };
}

function upgrade(facts: Facts): readonly PlannedStep[] {
  const { installation, options, data, database, profile } = facts;
  const { unit } = installation;
  const to = targetVersion(facts);
  const migrates = database !== undefined && profile.migrate !== undefined;
  const down = { window: true, touches: true };
  const waits = awaitWindow(facts);
  return [
    ...acquire(facts),
    ...(migrates
      ? [step('verify', 'learn-schema', `Learn the schemas of ${installation.version} and ${to} on empty databases`)]
      : []),
    ...hooks(facts, 'before-backup'),
    ...(waits.length === 0 ? noteHealth(facts) : []),
    step('backup', 'copy-live', `Copy the installed files to ${facts.generations}`),
    ...(database === undefined ? [] : [step('backup', 'snapshot', `Check a snapshot of ${database.path}`)]),
    ...(migrates && options.rehearse
      ? [step('backup', 'rehearse', `Rehearse the migration to ${to} on a copy of the data`)]
      : []),
    ...waits,
    // How it was hours before says little of the new version.
    ...(waits.length === 0 ? [] : noteHealth(facts)),
    ...holdAgents(facts),
    ...hotCopy(facts),
    ...hooks(facts, 'before-window'),
    arm(unit),
    step('swap', 'stop', `Stop ${unit}`, down),
    ...(data.length === 0 ? [] : [step('swap', 'copy-data', 'Copy what has changed since', down)]),
    ...changeUser(facts),
    ...(options.envEdits.length + options.copies.length === 0
      ? []
      : [step('swap', 'edit-env', editTitle(facts), down)]),
    step('swap', 'swap-files', `Put ${to} in place: ${fileCount(facts.files.length)}`, down),
    step('migrate', 'start', `Start ${unit} and wait for its answer`, down),
    ...hooks(facts, 'after-window'),
    ...(migrates ? [step('migrate', 'prove-schema', 'Prove that the data was migrated', { touches: true })] : []),
    step('verify-health', 'verify-health', `Watch the health of ${to}`, { touches: true }),
    ...(data.length === 0
      ? []
      : [step('verify-health', 'prove-copy', 'Prove the copy of the data by restoring it', { touches: true })]),
    ...hooks(facts, 'after-health'),
    ...archiveCopy(facts),
  ];
}

function rollback(facts: Facts): readonly PlannedStep[] {
  const { installation, data, target } = facts;
  const { unit } = installation;
  const to = targetVersion(facts);
  const down = { window: true, touches: true };
  const waits = awaitWindow(facts);
  const restores = data.length > 0 && !(target.kind === 'generation' && target.dataChoice?.keeps === true);
  return [
    ...unpackArchive(facts),
    step('backup', 'prove-generation', `Check the copies of ${to}`),
    ...hooks(facts, 'before-backup'),
    ...(waits.length === 0 ? noteSpots(facts) : []),
    step('backup', 'copy-live', `Copy the installed files to ${facts.generations}`),
    ...waits,
    ...(waits.length === 0 ? [] : noteSpots(facts)),
    ...holdAgents(facts),
    ...(restores ? [step('backup', 'stage-data', `Lay the data of ${to} ready beside the present data`)] : []),
    ...hotCopy(facts),
    ...hooks(facts, 'before-window'),
    arm(unit),
    step('swap', 'stop', `Stop ${unit}`, down),
    ...(data.length === 0 ? [] : [step('swap', 'copy-data', 'Copy what has changed since', down)]),
    ...restoreOwners(facts),
    ...(restores ? [step('swap', 'restore-data', `Put the data of ${to} back`, down)] : []),
    step('swap', 'restore-files', `Put the files of ${to} back`, down),
    step('migrate', 'start', `Start ${unit} and wait for its answer`, down),
    ...hooks(facts, 'after-window'),
    step('verify-health', 'verify-health', `Watch the health of ${to}`, { touches: true }),
    ...hooks(facts, 'after-health'),
  ];
}

/** The last: what it does it does after the commit. */
function archiveCopy(facts: Facts): readonly PlannedStep[] {
  const { archive } = facts.options;
  if (facts.data.length === 0 || archive === undefined) return [];
  return [step('verify-health', 'archive', `Archive that copy once ${targetVersion(facts)} is committed (${archive})`)];
}

/** Of a generation that is only an archive any more. */
function unpackArchive({ target }: Facts): readonly PlannedStep[] {
  if (target.kind !== 'generation' || target.archive === undefined) return [];
  return [step('backup', 'unpack-archive', `Unpack ${target.archive.path}`)];
}

function install(facts: Facts): readonly PlannedStep[] {
  return [
    ...acquire(facts),
    step('backup', 'copy-live', `Note what lies where the files go, in ${facts.generations}`),
    step('swap', 'swap-files', `Put ${targetVersion(facts)} in place: ${fileCount(facts.files.length)}`, {
      touches: true,
    }),
  ];
}

const STAGE_OF_HOOK = {
  'before-backup': 'backup',
  'before-window': 'backup',
  'after-window': 'migrate',
  'after-health': 'verify-health',
} as const;

/** After the window the service runs the new version: what a hook tells somebody then is true of it. */
function hooks(facts: Facts, place: Hook['at']): readonly PlannedStep[] {
  return hooksAt(facts, place).map((hook) => ({
    ...step(STAGE_OF_HOOK[place], 'hook', `Run the hook ${hook.name}: ${hook.run[0]}`, {
      touches: place.startsWith('after-'),
    }),
    input: hook,
  }));
}

function noteHealth(facts: Facts): readonly PlannedStep[] {
  const { compared } = comparedOf(facts);
  // A probe that fails before is no release's fault either; what is served and what is stable is asked of the new one alone.
  const asked = facts.profile.health.probes.filter(({ kind }) => ['http', 'tls', 'tcp'].includes(kind));
  const names = compared.length > 0 ? compared : asked.map(({ name }) => name);
  return names.length === 0
    ? noteSpots(facts)
    : [step('backup', 'baseline', `Note how it is now: ${names.join(', ')}`)];
}

/** Nothing else is compared on the way back: whoever goes back wants what was. */
function noteSpots({ options: { spotChecks } }: Facts): readonly PlannedStep[] {
  const stacks = spotChecks.join(', ');
  return stacks === '' ? [] : [step('backup', 'baseline', `Note how the services of ${stacks} are now`)];
}

function holdAgents({ options }: Facts): readonly PlannedStep[] {
  return options.holdAgents ? [step('backup', 'hold-agents', 'Tell the agents to wait', { touches: true })] : [];
}

/** Before the agents are told to wait and the data is copied: both are to last no longer than the window needs. */
function awaitWindow({ options }: Facts): readonly PlannedStep[] {
  return hasOpening(options) ? [step('backup', 'await-window', `Stop nothing yet: ${openingText(options)}`)] : [];
}

/** The last before the window: whatever is written after it has to be copied in it. */
function hotCopy({ data }: Facts): readonly PlannedStep[] {
  if (data.length === 0) return [];
  return [step('backup', 'hot-copy', `Copy the data while the service runs: ${data[0]?.path} and what belongs to it`)];
}

/** Of the window, so that no pause comes after it: a host that reboots then would not start the service again. */
function arm(unit: string): PlannedStep {
  return step('swap', 'arm-window', `Keep everybody else from starting ${unit}`, { window: true });
}

function editTitle({ options: { envEdits, copies }, installation: { envFile } }: Facts): string {
  const added = envEdits.length === 0 ? [] : [`add ${envEdits.map(({ key }) => key).join(', ')} to ${envFile}`];
  const text = [...added, ...copies.map(({ from, to }) => `copy ${from} to ${to}`)].join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Before files are put in place for that account: what this notes is whose everything was. */
function changeUser({ options: { serviceUser: account }, installation: { unit } }: Facts): readonly PlannedStep[] {
  if (account === undefined) return [];
  const title = `Make ${unit} run as ${account.user}:${account.group}, and its data theirs`;
  return [step('swap', 'change-user', title, { window: true, touches: true })];
}

function restoreOwners({ formerOwners }: Facts): readonly PlannedStep[] {
  if (formerOwners === undefined) return [];
  return [
    {
      ...step('swap', 'restore-owners', 'Give the data back to whom it belonged', { window: true, touches: true }),
      input: JSON.parse(JSON.stringify(formerOwners)),
    },
  ];
}

function acquire({ target, files }: Facts): readonly PlannedStep[] {
  if (target.kind !== 'release') return [];
  const names = target.archives.map(({ asset }) => asset.name).join(', ');
  return [
    step('fetch', 'download', `Download ${names}`),
    step('verify', 'prove', `Verify ${names}`),
    step(
      'verify',
      'unpack',
      `Unpack ${fileCount(files.length)} beside ${files.length === 1 ? 'its target' : 'their targets'}`,
    ),
  ];
}

function step(
  stage: Stage,
  kind: string,
  title: string,
  { window = false, touches = false }: Nature = {},
): PlannedStep {
  return { kind, stage, title, input: null, window, touches };
}
