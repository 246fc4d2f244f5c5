import { EXIT, RefitError } from '../../errors.ts';
import { meantProfile } from '../../runbook/named-profile.ts';
import { answerPath, type PathAnswer, type PathQuestion } from '../../runbook/path.ts';
import { policyNamed } from '../../runbook/policy.ts';
import { upgradeRules } from '../../runbook/upgrade-rules.ts';
import type { Command, Context, Flags } from '../context.ts';
import { absolute, lookOf, text, truth } from '../flags.ts';
import { plain } from '../report/plain.ts';
import { finding } from '../report/plan.ts';
import { say } from '../report/say.ts';

/** Those of a policy that a profile says itself. */
const OPTIONS = ['policy', 'majorTarget', 'majorSource', 'floor', 'grace'] as const;
const EXAMPLE = 'refit path 2.4.6 2.7.4 --policy one-minor-at-a-time --catalogue versions.json';

/** Answers what may follow what: of a catalogue and a policy, anywhere, without an installation. */
export const path: Command = async (context, flags, [from = '', to = '']) => {
  const catalogue = text(flags, 'catalogue');
  if (catalogue === undefined) throw unfit('expected --catalogue FILE');
  const { profile, rules } = await rulesFor(context, flags);
  const { waived } = lookOf(context, flags);
  const question = { from, to, profile, rules, waived, catalogue: absolute(context, catalogue) };
  const answer = await answerPath(await context.workshop(), question);
  say(context, textOf(from.trim(), answer), answer);
  return answer.allowed ? EXIT.ok : EXIT.refused;
};

async function rulesFor(context: Context, flags: Flags): Promise<Pick<PathQuestion, 'rules' | 'profile'>> {
  const wish = lookOf(context, flags);
  const allowPrerelease = truth(flags, 'allowPrerelease');
  if (wish.profile !== undefined || wish.product !== undefined) {
    const stray = OPTIONS.find((name) => text(flags, name) !== undefined);
    if (stray !== undefined) throw unfit('saw a policy and a profile, which has its own; expected one of them');
    const profile = await meantProfile(await context.workshop(), wish, { verb: 'look for', typed: 'refit path' });
    return { profile, rules: upgradeRules(profile, wish) };
  }
  const name = text(flags, 'policy');
  if (name === undefined) throw unfit('expected --policy NAME, --product NAME or --profile FILE');
  const policy = policyNamed({
    name,
    allowMajor: truth(flags, 'allowMajor'),
    majorTarget: text(flags, 'majorTarget'),
    majorSource: text(flags, 'majorSource'),
    floor: text(flags, 'floor'),
    grace: text(flags, 'grace'),
  });
  return { profile: undefined, rules: { policy, allowPrerelease } };
}

function textOf(from: string, { allowed, hops, kind, reason, nearest, findings = [] }: PathAnswer): string {
  const why = `${kind}: ${reason}`;
  if (!allowed) return `${plain(`no path: ${why}`)}\n${plain(`nearest that can be reached: ${nearest}`)}\n`;
  if (hops.length === 0) return `${plain(`nothing to do: ${why}`)}\n`;
  const told = findings.filter(({ severity }) => severity !== 'ok').flatMap(finding);
  return `${[[from, ...hops].join(' → '), why, ...told].map((line) => plain(line)).join('\n')}\n`;
}

function unfit(expected: string): RefitError {
  return new RefitError('E_USAGE', `Cannot look for a path: ${expected}`, { hint: EXAMPLE });
}
