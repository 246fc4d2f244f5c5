import type { RunState } from '../../engine/replay.ts';
import { goesBackToStart } from '../../runbook/all-or-nothing.ts';
import type { Ending, Now } from '../../runbook/ending.ts';
import { factsOf, hasData } from '../../runbook/facts.ts';
import { guardedOf, nextLook } from '../../runbook/guarded.ts';
import { firstHop, presentHop } from '../../runbook/hops.ts';
import { nextStage } from '../../runbook/next-stage.ts';
import { onceReturned } from '../../runbook/outputs.ts';
import { answerTimes, isCopyTrusted, spotChecksOf, verdictOf, waivedTexts } from '../../runbook/verdict.ts';
import { waiversOf } from '../../runbook/waivers.ts';
import { warningsOf } from '../../runbook/warnings.ts';
import { wayBackOf } from '../../runbook/way-back.ts';
import { duration } from '../../runbook/words.ts';
import { away } from './away.ts';
import { plain } from './plain.ts';
import { waiverText } from './waivers.ts';

/** The three last lines: what is true of the service now, what happened, what to type next. `failed`: what it went back from. */
export function endingText(ending: Ending, failed?: Ending): string {
  const happened =
    failed === undefined ? whatHappened(ending) : `${whatHappened(failed)}; then ${whatHappened(ending)}`;
  const lines = [isTrueNow(ending), `${happened}${waived(ending.run)}`, `next: ${next(ending)}`];
  return `${lines.map(oneLine).join('\n')}\n`;
}

/** Of a run that failed on its way, and that another one now goes back from. */
export function failedText(ending: Ending): string {
  return oneLine(`${whatHappened(ending)}; all or nothing was agreed: going back to ${ending.run.state.plan.from}`);
}

function isTrueNow({ run, now }: Ending): string {
  const { purpose, product } = run.state.plan;
  // There is no service yet, only its files.
  return purpose === 'install' && now.version !== undefined
    ? `${product} ${now.version} is in place; ${now.unit} is not set up`
    : nowLine(now);
}

/** "dockmesh.service is active (running) at v0.2.13 and answers". */
export function nowLine({ unit, activity, version, answers }: Now): string {
  const at = version === undefined ? '' : ` at ${version}`;
  const says = answers === undefined ? '' : answers ? ' and answers' : ' and does not answer';
  return `${unit} is ${activity}${at}${says}`;
}

function whatHappened({ run, standing }: Ending): string {
  const { from, to, purpose } = run.state.plan;
  const { cause } = standing;
  const why = cause === undefined ? '' : `: ${cause.message} [${cause.code}]`;
  const down = run.window === undefined ? '' : `; it was away for ${away(run.window)}`;
  const did = purpose === 'rollback' ? 'rolled back' : purpose === 'install' ? 'installed' : 'upgraded';
  switch (standing.name) {
    case 'committed':
      return `${did} ${purpose === 'install' ? to : `from ${from} to ${to}`}${down}${warnings(run)}`;
    case 'restored':
      if (cause !== undefined) return `failed and restored to ${from}${why}${down}`;
      return run.state.turnedBy === 'deadline'
        ? `went back to ${from}: it was paused with the service down, and nobody went on in time${down}`
        : `went back to ${from} as asked${down}`;
    case 'untouched':
      return cause === undefined
        ? 'went back as asked; nothing had been changed'
        : `failed before anything was changed${why}`;
    case 'partial':
      return partly(run.state, why, down);
    case 'mixed':
      return `could not be undone: the installation is between ${from} and ${to}${why}`;
    case 'paused':
      if (isHeld(run.state)) return `paused at ${presentHop(run.state).plan.to}${why}${down}`;
      return run.state.paused === 'asked'
        ? `stopped after ${lastStage(run)}, as asked, on the way from ${from} to ${to}`
        : `paused between steps on the way from ${from} to ${to}`;
    case 'interrupted':
      return `cut short on the way from ${from} to ${to}${why}`;
  }
}

function waived({ state }: Ending['run']): string {
  return waiversOf(state)
    .map((one) => `; waived ${waiverText(one)}`)
    .join('');
}

/** Some hops are committed, and the next one is undone. */
function partly({ plan, committedHops, turnedBy }: RunState, why: string, down: string): string {
  const { from, to } = plan.hops[committedHops] ?? plan;
  const done = `upgraded from ${plan.from} to ${from}`;
  if (why !== '') return `${done}; the next hop, to ${to}, failed and was undone${why}${down}`;
  const late = turnedBy === 'deadline' ? 'nobody went on in time' : 'as asked';
  return `${done}; the next hop, to ${to}, was undone, ${late}${down}`;
}

function lastStage({ state: { places, steps } }: Ending['run']): string {
  return places.findLast(({ index }) => steps[index]?.status === 'done')?.step.stage ?? 'nothing';
}

function warnings({ state }: Ending['run']): string {
  const told = [...warningsOf(state), ...state.warnings.map(({ failure }) => failure)].map(({ message }) => message);
  const messages = [...told, ...waivedTexts(state)];
  return messages.map((message) => `; warning: ${message}`).join('');
}

function next({ run, standing, now, evidence }: Ending): string {
  const { purpose } = run.state.plan;
  switch (standing.name) {
    case 'committed':
      if (purpose === 'install') return 'configure the service and start it; then refit upgrade';
      if (purpose === 'rollback') return 'refit status';
      if (!isCopyTrusted(firstHop(run.state)))
        return 'make a backup of your own: what there was before cannot be put back';
      return hasData(run.state.plan) ? 'refit rollback goes back, with the data of before' : 'refit rollback goes back';
    case 'partial':
      return [wayBackFrom(run), afterFailure(standing, evidence)].join('; ');
    case 'restored':
    case 'untouched':
      return afterFailure(standing, evidence);
    case 'mixed':
      return 'refit rollback tries the way back again';
    case 'paused':
    case 'interrupted': {
      if (isHeld(run.state)) return afterPause(run.state, now);
      const stage = run.state.paused === 'asked' ? nextStage(run.state) : undefined;
      const other = `refit ${stage ?? 'resume'} goes on, refit rollback goes back`;
      return now.running ? other : `${other}; the service is down until then${guardsWord(run)}`;
    }
  }
}

/** A step paused it, for what only a person can go on from. */
function isHeld({ paused }: RunState): boolean {
  return paused === 'external' || paused === 'no-way-back';
}

/** What a person types about what the run paused for. */
function afterPause(whole: RunState, { running }: Now): string {
  const state = presentHop(whole);
  const { to } = state.plan;
  const back = {
    whole: ', refit rollback goes back',
    'without data': ', refit rollback goes back and leaves the data as it is',
    none: '',
  };
  const way = back[wayBackOf(state)];
  const down = running ? '' : '; the service is down until then';
  if (state.paused === 'no-way-back')
    return `refit resume tries the copy again, refit resume --waive no-way-back stays at ${to}${way}${down}`;
  const look = nextLook(state);
  const guard = look === undefined ? '' : `; its guard looks again soon after ${look}`;
  return `refit resume once that is mended, or with --waive external as it is${way}${down}${guard}`;
}

/** A pause that a person typed is the only one with a time limit: the others are finished as soon as the guard sees them. */
function guardsWord({ state: whole }: Ending['run']): string {
  const state = presentHop(whole);
  const guarded = guardedOf(state);
  if (guarded === undefined) return '';
  if (state.paused === 'asked') return `, and its guard goes back soon after ${guarded.until}`;
  const { service } = factsOf(state.plan).profile;
  // One that is paused, by a signal or a host that goes down, it may leave for longer.
  if (service.manager !== 'systemd' || state.paused !== undefined) return '';
  return `, or until its guard finishes the run, within ${duration(service.guard_interval)}`;
}

function wayBackFrom(run: Ending['run']): string {
  const { from } = run.state.plan;
  if (goesBackToStart(run.state)) return `refit resume goes back to ${from}, as was agreed`;
  return `refit rollback goes back to ${from}`;
}

function afterFailure({ name, cause }: Ending['standing'], evidence: string | undefined): string {
  const hint = cause?.hint ?? '';
  // A hint that names a file of the evidence says where it is already.
  const told = evidence === undefined || name === 'untouched' || hint.includes(evidence);
  const kept = told ? '' : `what it said is kept in ${evidence}`;
  const pack = evidence === undefined || name === 'untouched' ? '' : 'refit evidence packs it to be sent';
  return [hint, kept, pack].filter((text) => text !== '').join('; ') || 'refit history';
}

/** A cause may hold what a program printed; three lines stay three. */
function oneLine(text: string): string {
  return plain(text).replaceAll(/\s*[\n\t]\s*/g, ' ');
}

/** The same for scripts. */
export function endingJson(ending: Ending): object {
  const { run, standing, now, evidence } = ending;
  const { plan, by, warnings: late } = run.state;
  const hop = presentHop(run.state);
  return {
    run: run.id,
    purpose: plan.purpose,
    installation: plan.installation,
    product: plan.product,
    from: plan.from,
    to: plan.to,
    hops: plan.hops.map(({ to }, number) => ({ to, committed: number < run.state.committedHops })),
    by,
    standing: standing.name,
    paused: run.state.paused ?? null,
    exit: standing.exit,
    windowMs: run.window?.readyMs ?? null,
    window: run.window ?? null,
    error: standing.cause ?? null,
    waivers: waiversOf(run.state),
    warnings: [...warningsOf(run.state), ...late.map(({ failure }) => failure)],
    proven: onceReturned(hop, 'prove') ?? null,
    health: verdictOf(hop) ?? null,
    spotChecks: spotChecksOf(hop),
    answers: answerTimes(hop),
    evidence: evidence ?? null,
    next: oneLine(next(ending)),
    service: now,
  };
}
