import type { ShownPlan } from '../../document/plan.ts';
import type { PlannedStep } from '../../engine/plan.ts';
import { type Compared, comparedOf } from '../../runbook/baseline-rows.ts';
import type { Judged } from '../../runbook/checks/judge.ts';
import { factsOf, hasData } from '../../runbook/facts.ts';
import { openingText } from '../../runbook/opening.ts';
import type { NothingToDo, Planned } from '../../runbook/planned.ts';
import { redact, secretsIn } from '../../runbook/redact.ts';
import type { DataChoice } from '../../runbook/schema-guard.ts';
import { ulidTime } from '../../runbook/store/ulid.ts';
import { demandTexts, signatureTexts, trustPolicyOf } from '../../runbook/trust-policy.ts';
import { bytes, duration } from '../../runbook/words.ts';
import { crossedLines } from './crossed.ts';
import { dataChoiceText } from './data-choice.ts';
import { estimateText } from './estimate.ts';
import { lostTexts } from './lost.ts';
import { plain, wrap } from './plain.ts';
import { componentsJson, findingsJson, hopsJson, pastReturnJson } from './plan-document.ts';
import { vainOf, vainTexts, waivedBy } from './waivers.ts';

const WIDTH = 80;

/** What a plan does, as a sentence begins. */
export const VERB = { upgrade: 'Upgrade', rollback: 'Roll back', install: 'Install' } as const;

/** The plan, as a person reads it: what, from where, step by step, and what was found. Fits 80 columns. */
export function planText(planned: Planned): string {
  const { plan, source, choice, checks, downloadBytes, dataBytes } = planned;
  const asked = plan.purpose === 'rollback' || choice.asked === choice.chosen ? '' : ` (asked for: ${choice.asked})`;
  const since = lostSince(planned);
  const lines = [
    line('', `${VERB[plan.purpose]} ${plan.installation}: ${wayOf(plan)}${asked}`, 2),
    ...(source === undefined ? [] : [line('  from    ', source)]),
    ...documentLines(planned),
    ...trustLines(planned),
    ...passedByLines(planned),
    ...(since === undefined ? [] : [line('  loses   ', `what was written since ${utc(since)}; a copy of it is kept`)]),
    ...dataChoiceLines(plan),
    ...(planned.lost === undefined ? [] : lostTexts(planned.lost).map((text) => line('          ', text, 12))),
    ...(downloadBytes === undefined ? [] : [`  fetch   ${bytes(downloadBytes)}`]),
    ...(hasData(plan) ? [`  data    ${bytes(dataBytes)}, copied while the service runs`] : []),
    ...startLines(planned),
    ...openingLines(planned),
    ...(planned.estimate === undefined ? [] : [line('  takes   ', estimateText(planned.estimate))]),
    ...healthLines(planned),
    ...spotLines(planned),
    '',
    ...stageLines(planned),
    ...crossedLines(planned),
    '',
    ...findingLines(checks, waivedBy(planned)),
    ...vainTexts(planned).map((text) => line('', text, 10)),
  ];
  return `${plain(lines.join('\n'))}\n`;
}

/** What was signed off, to be compared with what it was called when it was written. */
function documentLines({ plan }: Planned): readonly string[] {
  const { document } = factsOf(plan);
  return document === undefined ? [] : [line('  plan    ', document)];
}

/** Digests go without saying. */
function trustLines({ plan, proven }: Planned): readonly string[] {
  const demands = plan.purpose === 'rollback' ? [] : demandTexts(trustPolicyOf(factsOf(plan).profile));
  const signed = proven === undefined ? [] : signatureTexts(proven);
  return [
    ...demands.map((text, index) => line(index === 0 ? '  trusts  ' : '          ', text, 10)),
    ...signed.map((text) => line('          ', text, 10)),
  ];
}

function passedByLines({ passedBy, tooNew = [] }: Pick<Planned, 'passedBy' | 'tooNew'>): readonly string[] {
  return [
    ...tooNew.map(({ tag, publishedAt, oldEnoughAt }) =>
      line(
        '  waits   ',
        `${tag}, published on ${publishedAt}, is old enough on ${oldEnoughAt}; --allow-new takes it now`,
      ),
    ),
    ...passedBy.flatMap(({ tag, at, message }) => [
      line('  skips   ', `${tag}, which failed here on ${at.slice(0, 10)}: ${message}`),
      line('          ', `--to ${tag} tries it again; refit unskip ${tag} lets ranges choose it`),
    ]),
  ];
}

function startLines({ plan }: Planned): readonly string[] {
  const { ms, because } = factsOf(plan).startTimeout;
  const why = { asked: 'as asked', 'earlier starts': 'three times what its slowest start took here', profile: '' }[
    because
  ];
  return why === '' ? [] : [line('  start   ', `waits up to ${duration(ms)} for an answer: ${why}`)];
}

function openingLines({ plan }: Planned): readonly string[] {
  const text = openingText(factsOf(plan).options);
  return text === '' ? [] : [line('  window  ', text)];
}

function healthLines(planned: Planned): readonly string[] {
  const { compared, needToken } = healthOf(planned);
  return [
    ...(compared.length === 0 ? [] : [line('  health  ', `compared with how it is now: ${compared.join(', ')}`)]),
    ...(needToken.length === 0
      ? []
      : [line('          ', `not compared without --token-file: ${needToken.join(', ')}`)]),
  ];
}

function spotLines({ plan }: Planned): readonly string[] {
  const { spotChecks } = factsOf(plan).options;
  const text = `reads the services of ${spotChecks.join(', ')} before the commit; refit deploys nothing`;
  return spotChecks.length === 0 ? [] : [line('  spot    ', text)];
}

function healthJson(planned: Planned): ShownPlan['health'] {
  const { compared, needToken } = healthOf(planned);
  return [
    ...compared.map((name) => ({ name, compared: true })),
    ...needToken.map((name) => ({ name, compared: false })),
  ];
}

/** Only an upgrade is judged by how it was before; whoever goes back wants what was. */
function healthOf({ plan }: Planned): Compared {
  return plan.purpose === 'upgrade' ? comparedOf(factsOf(plan)) : { compared: [], needToken: [] };
}

/** "v2.4.6 -> v2.5.15 -> v2.6.11". */
function wayOf({ from, hops }: Planned['plan']): string {
  return [from, ...hops.map(({ to }) => to)].join(' -> ');
}

/** In the order in which they are done: of several hops first what is ahead, then hop by hop. */
function stageLines({ plan }: Planned): readonly string[] {
  if (plan.hops.length === 1) return stagesOf(plan, plan.hops[0]?.steps ?? []);
  const isAhead = ({ ahead }: PlannedStep) => ahead === true;
  const { allOrNothing = false } = factsOf(plan).options;
  const ahead = plan.hops.flatMap(({ steps }) => steps.filter(isAhead));
  return [
    'Before anything is stopped:',
    ...stagesOf(plan, ahead),
    ...plan.hops.flatMap(({ to, steps }, hop) => {
      const own = steps.filter((step) => !isAhead(step));
      const end = allOrNothing ? plan.from : to;
      const kept = hop === plan.hops.length - 1 ? '' : `; once that is committed, a failure leads back to ${end}`;
      return ['', line('', `Hop ${hop + 1} of ${plan.hops.length}, to ${to}${kept}:`, 2), ...stagesOf(plan, own)];
    }),
  ];
}

function stagesOf(plan: Planned['plan'], steps: readonly PlannedStep[]): readonly string[] {
  const stages = plan.stages.filter((stage) => steps.some((step) => step.stage === stage));
  const name = Math.max(...stages.map((stage) => stage.length));
  return stages.flatMap((stage) =>
    steps
      .filter((step) => step.stage === stage)
      .map(({ title, window }, i) => {
        return line(`  ${(i === 0 ? stage : '').padEnd(name)}  ${window ? 'down' : '    '}  `, title);
      }),
  );
}

function findingLines(checks: readonly Judged[], by: string | undefined): readonly string[] {
  const passed = checks.filter(({ severity }) => severity === 'ok');
  const others = checks.filter(({ severity }) => severity !== 'ok');
  return [
    ...others.flatMap((one) => finding(one, by)),
    `${passed.length} checks passed${others.length === 0 ? '' : `, ${others.length} to look at`}`,
  ];
}

/** One finding in full: what was seen, the limit, what to do, and the words that let it pass. */
export function finding({ code, severity, measured, limit, remedy, waived }: Judged, by?: string): readonly string[] {
  const mark = waived
    ? 'waived '
    : { inhibit: 'STOP   ', warning: 'warning', info: 'note   ', ok: 'ok     ' }[severity];
  const waiver = severity === 'inhibit' && !waived ? [`          or let it pass: --waive ${code}`] : [];
  const pass = waived && by !== undefined ? [line('          ', by)] : waiver;
  return [
    line(`${mark}   `, `${code}: ${measured}`),
    line('          ', `expected ${limit}`),
    line('          ', remedy),
    ...pass,
  ];
}

/** The plan for scripts: what is public of it. The installation's environment, which may hold secrets, is not. */
export function planJson(planned: Planned): ShownPlan {
  const { plan, source, choice, passedBy, tooNew = [], checks, envDiff, crossed, downloadBytes, dataBytes } = planned;
  const facts = factsOf(plan);
  const secrets = secretsIn(facts.installation.scope.env);
  const steps = plan.hops.flatMap((hop) => hop.steps);
  return {
    purpose: plan.purpose,
    installation: plan.installation,
    product: plan.product,
    from: plan.from,
    to: plan.to,
    asked: choice.asked,
    skips: passedBy,
    tooNew,
    source: source === undefined ? null : redact(source, secrets),
    trust: plan.purpose === 'rollback' ? null : trustPolicyOf(facts.profile),
    proven: planned.proven ?? null,
    downloadBytes: downloadBytes ?? null,
    dataBytes,
    notBefore: facts.options.notBefore ?? null,
    notAfter: facts.options.notAfter ?? null,
    estimate: planned.estimate ?? null,
    startTimeoutMs: facts.startTimeout.ms,
    health: healthJson(planned),
    spotChecks: facts.options.spotChecks,
    envDiff: redact(envDiff, secrets),
    crossed: crossed ?? null,
    notes: planned.notes ?? null,
    loses: planned.lost ?? null,
    losesSince: lostSince(planned)?.toISOString() ?? null,
    dataChoice: dataChoiceOf(plan) ?? null,
    components: componentsJson(planned),
    stages: plan.stages.flatMap((stage) => {
      const mine = steps.filter((step) => step.stage === stage);
      return mine.length === 0
        ? []
        : [{ stage, steps: mine.map(({ kind, title, window }) => ({ kind, title, down: window })) }];
    }),
    hops: hopsJson(planned),
    findings: findingsJson(checks),
    pastReturn: pastReturnJson(planned),
    waivers: facts.options.waivers ?? [],
    waivedInVain: vainOf(planned).map(({ code }) => code),
  };
}

export function nothingText({ installation, version, passedBy, tooNew = [] }: NothingToDo): string {
  const lines = [`${installation} is at ${version} already: nothing to do`, ...passedByLines({ passedBy, tooNew })];
  return `${plain(lines.join('\n'))}\n`;
}

function line(head: string, text: string, indent?: number): string {
  return wrap(head, text, WIDTH, indent);
}

/** Whether the data goes back too, and why. */
function dataChoiceLines(plan: Planned['plan']): readonly string[] {
  const choice = dataChoiceOf(plan);
  if (choice === undefined || !hasData(plan)) return [];
  return [line(choice.keeps ? '  keeps   ' : '          ', dataChoiceText(choice, plan))];
}

function dataChoiceOf(plan: Planned['plan']): DataChoice | undefined {
  const { target } = factsOf(plan);
  return target.kind === 'generation' ? target.dataChoice : undefined;
}

/** A rollback puts the data of before the last run back: what was written since its begin leaves with it. */
function lostSince({ plan }: Planned): Date | undefined {
  const { target } = factsOf(plan);
  if (target.kind !== 'generation' || !hasData(plan) || target.dataChoice?.keeps === true) return undefined;
  return new Date(ulidTime(target.run));
}

function utc(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
