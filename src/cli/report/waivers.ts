import type { Judged } from '../../runbook/checks/judge.ts';
import { factsOf } from '../../runbook/facts.ts';
import type { Planned } from '../../runbook/planned.ts';
import type { Waiver } from '../../runbook/waiver.ts';
import { waivedInVain } from '../../runbook/waivers.ts';

/** "low-space (3.0 MiB free at /; expected 1.2 GiB), by ada because the disk grows tonight". */
export function waiverText({ code, who, why, measured, limit }: Waiver): string {
  const saw = measured === null ? '' : ` (${measured}; expected ${limit})`;
  return `${code}${saw}, by ${who}${why === null ? '' : ` because ${why}`}`;
}

/** The same where there is room for little: "low-space, by ada because …". */
export function waiverInShort({ code, who, why }: Waiver): string {
  return waiverText({ code, who, why, measured: null, limit: null });
}

/** Two file systems may share a code: it was waived once. */
export function waivedCodes(waivers: readonly Waiver[]): readonly string[] {
  return [...new Set(waivers.map(({ code }) => code))];
}

/** Of a plan: who waives its findings, and why; undefined where none stands that is waived. */
export function waivedBy({ plan }: Pick<Planned, 'plan'>): string | undefined {
  const [first] = factsOf(plan).options.waivers ?? [];
  if (first === undefined) return undefined;
  return `waived by ${first.who}${first.why === null ? '; --because says why' : `: ${first.why}`}`;
}

/** What was named and stands against nothing: a mistyped code waives nothing, and nobody should believe that it did. */
export function vainTexts({ plan, checks }: Pick<Planned, 'plan' | 'checks'>): readonly string[] {
  return vainOf({ plan, checks }).map(({ code, passed }) =>
    passed
      ? `--waive ${code}: nothing to waive now, that check passes`
      : `--waive ${code}: nothing to waive, no finding is called so`,
  );
}

export function vainOf({ plan, checks }: { readonly plan: Planned['plan']; readonly checks: readonly Judged[] }) {
  return waivedInVain(factsOf(plan).options.waived ?? [], checks);
}
