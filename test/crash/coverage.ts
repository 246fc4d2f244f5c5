import type { EffectKind } from '../../src/host/effects.ts';
import { type Call, childOf, isMutation, markOf } from './strace.ts';

/** An effect as the trace of faults.ts names it. */
export interface NamedEffect {
  readonly pid: number;
  readonly n: number;
  readonly kind: EffectKind;
  readonly label: string;
}

export interface Coverage {
  /** Mutating calls inside a numbered effect of refit's own processes. */
  readonly inside: number;
  /** Mutating calls of children that were started inside one. */
  readonly children: number;
  /** Mutating calls of the product's server. */
  readonly server: number;
  /** Mutating calls nobody has numbered. */
  readonly outside: readonly Call[];
}

export interface CoverageOptions {
  readonly effects: readonly NamedEffect[];
  /** Whether the program that a process becomes is refit itself. */
  isRefit(execArgs: string): boolean;
  isServer(execArgs: string): boolean;
  /** What the test itself makes refit write. */
  isOfTest(call: Call): boolean;
}

interface Process {
  readonly pid: number;
  role: 'refit' | 'child' | 'query' | 'server';
  readonly open: Map<number, NamedEffect | undefined>;
}

/** Sorts every mutating call of a process tree: each must lie in an effect, or in a process that an effect started. */
export function coverageOf(calls: readonly Call[], options: CoverageOptions): Coverage {
  const { effects, isRefit, isServer, isOfTest } = options;
  const named = new Map(effects.map((effect) => [`${effect.pid} ${effect.n}`, effect]));
  const byThread = new Map<number, Process>();
  const processOf = (thread: number): Process => {
    const known = byThread.get(thread) ?? { pid: thread, role: 'query', open: new Map() };
    byThread.set(thread, known);
    return known;
  };
  const counts = { inside: 0, children: 0, server: 0 };
  const outside: Call[] = [];
  for (const call of calls) {
    const own = processOf(call.thread);
    const mark = markOf(call);
    const child = childOf(call);
    if (mark?.moment === 'begin') own.open.set(mark.n, named.get(`${own.pid} ${mark.n}`));
    if (mark?.moment === 'end') own.open.delete(mark.n);
    if (child !== undefined) adopt(byThread, own, child);
    if (call.name === 'execve' && call.result === 0) {
      if (isRefit(call.args)) own.role = 'refit';
      else if (isServer(call.args)) own.role = 'server';
    }
    if (!isMutation(call) || isOfTest(call)) continue;
    if (own.role === 'server') counts.server += 1;
    else if (own.role === 'child') counts.children += 1;
    else if (own.role === 'refit' && covers(own, call)) counts.inside += 1;
    else outside.push(call);
  }
  return { ...counts, outside };
}

/** A thread shares its process; a process is a child of an effect if one that starts processes was open, or its parent is such. */
function adopt(
  byThread: Map<number, Process>,
  own: Process,
  { id, isThread }: { id: number; isThread: boolean },
): void {
  if (isThread) {
    byThread.set(id, own);
    return;
  }
  const starts = [...own.open.values()].some((effect) => effect?.kind === 'process');
  const role = own.role === 'refit' ? (starts ? 'child' : 'query') : own.role;
  // It may have run before its parent's call returned.
  const early = byThread.get(id);
  if (early === undefined) byThread.set(id, { pid: id, role, open: new Map() });
  else if (early.role === 'query') early.role = role;
}

/** The event file is written beside everything else: an effect on it covers nothing but it. */
function covers({ open }: Process, { args }: Call): boolean {
  const isEvents = args.includes('events.ndjson');
  return [...open.values()].some((effect) => isEvents || effect?.label.endsWith('events.ndjson') === false);
}
