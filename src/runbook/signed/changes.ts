import type { PlanDocument } from '../../document/plan.ts';

/** What a plan must still be: all of a document but what it is called. */
export type PlannedNow = Pick<PlanDocument, 'hops' | 'facts' | 'archives' | 'findings' | 'envDiff'>;

/** What is no longer as a plan's document says, in words that end the sentence "…: <what>". Empty: it can be run. */
export function changesSince(document: PlanDocument, now: PlannedNow): readonly string[] {
  return [
    ...factChanges(document.facts, now.facts),
    ...archiveChanges(document.archives, now.archives),
    ...(document.envDiff === now.envDiff ? [] : ['the edits that the env file needs']),
    ...hopChanges(document.hops, now.hops),
    ...findingChanges(document.findings, now.findings),
  ];
}

const DIGEST = /^[0-9a-f]{64}$/;

function factChanges(then: PlannedNow['facts'], now: PlannedNow['facts']): readonly string[] {
  const names = new Set([...then, ...now].map(({ what }) => what));
  const of = (facts: PlannedNow['facts'], name: string) => facts.find(({ what }) => what === name)?.is ?? 'not there';
  return [...names].flatMap((name) => difference(name, of(then, name), of(now, name)));
}

function archiveChanges(then: PlannedNow['archives'], now: PlannedNow['archives']): readonly string[] {
  const named = ({ version, name }: PlannedNow['archives'][number]) => `${name} of ${version}`;
  const names = new Set([...then, ...now].map(named));
  return [...names].flatMap((name) => {
    const [before, after] = [then, now].map((archives) => archives.find((archive) => named(archive) === name));
    if (before === undefined || after === undefined) return difference(name, there(before), there(after));
    return [
      ...difference(`the architecture of ${name}`, before.arch, after.arch),
      ...known(`the size of ${name}`, before.size, after.size),
      ...known(`the digest of ${name}`, before.sha256, after.sha256),
    ];
  });
}

function hopChanges(then: PlannedNow['hops'], now: PlannedNow['hops']): readonly string[] {
  const way = (hops: PlannedNow['hops']) => hops.map(({ from, to }) => `${from} -> ${to}`).join(', ');
  const steps = (hops: PlannedNow['hops']) =>
    hops.flatMap((hop) => hop.steps.map(({ stage, kind, title, down }) => [stage, kind, title, down].join('\n')));
  const titles = (hops: PlannedNow['hops']) => hops.flatMap((hop) => hop.steps.map(({ title }) => title));
  const [before, after] = [steps(then), steps(now)];
  const at = Array.from({ length: Math.max(before.length, after.length) }).findIndex((_, i) => before[i] !== after[i]);
  const differs = at < 0 ? [] : difference(`step ${at + 1}`, titles(then)[at] ?? 'none', titles(now)[at] ?? 'none');
  return [...difference('the way', way(then), way(now)), ...differs];
}

/** What is gone stands against nothing. */
function findingChanges(then: PlannedNow['findings'], now: PlannedNow['findings']): readonly string[] {
  const said = ({ code, severity, waived }: PlannedNow['findings'][number]) => `${code} ${severity} ${waived}`;
  const before = new Set(then.map(said));
  return now
    .filter(({ severity }) => severity === 'warning' || severity === 'inhibit')
    .filter((finding) => !before.has(said(finding)))
    .map(({ code, measured }) => `a finding that was not there, ${code} (${measured})`);
}

/** A source that says nothing has not changed its mind. */
function known(what: string, then: string | number | null, now: string | number | null): readonly string[] {
  return then === null || now === null ? [] : difference(what, String(then), String(now));
}

function difference(what: string, then: string, now: string): readonly string[] {
  if (then === now) return [];
  const opaque = DIGEST.test(then) && DIGEST.test(now);
  return [opaque ? what : `${what}, which was ${then} and is ${now}`];
}

function there(archive: object | undefined): string {
  return archive === undefined ? 'not wanted' : 'wanted';
}
