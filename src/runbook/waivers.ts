import type { RunState } from '../engine/replay.ts';
import type { CheckResult } from './checks/check.ts';
import { factsOf, type RunOptions } from './facts.ts';
import type { Authority, Waiver } from './waiver.ts';
import type { World } from './world.ts';

/** What is met only later in a run: no finding of a plan says so. */
const LATER: readonly string[] = ['external', 'no-way-back'];

/** Those of the findings that stood and were waived. */
export function waiversAmong(
  results: readonly (CheckResult & { readonly waived: boolean })[],
  by: Authority,
): readonly Waiver[] {
  return results
    .filter(({ waived }) => waived)
    .map(({ code, measured, limit }) => ({ code, who: by.who, why: by.why, measured, limit }));
}

/** Of the codes that were named, those that no finding has which stands against this: with why that is. */
export function waivedInVain(
  codes: readonly string[],
  results: readonly CheckResult[],
): readonly { readonly code: string; readonly passed: boolean }[] {
  return [...new Set(codes)]
    .filter((code) => !LATER.includes(code) && !results.some((one) => one.code === code && one.severity === 'inhibit'))
    .map((code) => ({ code, passed: results.some((one) => one.code === code) }));
}

/** What a command that begins or continues a run lets pass: its own word, else that of the plan. */
export function authorityOf(
  { waived, waiving }: Pick<RunOptions, 'waived' | 'waiving'>,
  begunBy: string,
  command: Authority & { readonly waived: readonly string[] },
): (code: string) => Authority | undefined {
  return (code) => {
    if (command.waived.includes(code)) return { who: command.who, why: command.why };
    return waived.includes(code) ? (waiving ?? { who: begunBy, why: null }) : undefined;
  };
}

/** What a step lets pass, for its output; undefined where nobody does. */
export function waiverFor(
  world: Pick<World, 'waivedBy'>,
  { code, measured, limit }: Pick<CheckResult, 'code' | 'measured' | 'limit'>,
): Waiver | undefined {
  const by = world.waivedBy(code);
  return by === undefined ? undefined : { code, who: by.who, why: by.why, measured, limit };
}

/** Steps that let something pass of what they met. */
const WAIVING: readonly string[] = ['arm-window', 'verify-health', 'prove-copy'];
type Waiving = { readonly waivers?: readonly Waiver[] };

/** Everything that a run let pass: what its plan found, then what its steps met; each code with what was seen last. */
export function waiversOf(state: RunState): readonly Waiver[] {
  const { waivers, waived = [] } = factsOf(state.plan).options;
  // A journal of before: the names alone, whether they stood or not.
  const old = (code: string): Waiver => ({ code, who: state.by, why: null, measured: null, limit: null });
  const met = state.places.flatMap(({ index, step }) => {
    const output = WAIVING.includes(step.kind) ? (state.steps[index]?.output as Waiving | null | undefined) : undefined;
    return output?.waivers ?? [];
  });
  const planned = waivers ?? waived.map(old);
  // Two file systems may share a code: of those of the plan none hides another.
  return [...planned.filter(({ code }) => !met.some((one) => one.code === code)), ...met];
}
