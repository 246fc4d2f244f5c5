import { EXIT, RefitError } from '../../errors.ts';
import { answerPath, type PathAnswer } from '../../runbook/path.ts';
import type { Command } from '../context.ts';
import { absolute, text, truth } from '../flags.ts';
import { plain } from '../report/plain.ts';
import { say } from '../report/say.ts';

/** Answers what may follow what: of a catalogue and a policy, anywhere, without an installation. */
export const path: Command = async (context, flags, [from = '', to = '']) => {
  const [policy, catalogue] = [text(flags, 'policy'), text(flags, 'catalogue')];
  if (policy === undefined || catalogue === undefined) {
    throw new RefitError('E_USAGE', 'Cannot look for a path: expected --policy NAME and --catalogue FILE', {
      hint: 'refit path 2.4.6 2.7.4 --policy one-minor-at-a-time --catalogue versions.json',
    });
  }
  const answer = await answerPath(await context.workshop(), {
    from,
    to,
    policy: {
      name: policy,
      allowMajor: truth(flags, 'allowMajor'),
      majorTarget: text(flags, 'majorTarget'),
      majorSource: text(flags, 'majorSource'),
      floor: text(flags, 'floor'),
      grace: text(flags, 'grace'),
    },
    catalogue: absolute(context, catalogue),
    allowPrerelease: truth(flags, 'allowPrerelease'),
  });
  say(context, textOf(from.trim(), answer), answer);
  return answer.allowed ? EXIT.ok : EXIT.refused;
};

function textOf(from: string, { allowed, hops, kind, reason, nearest }: PathAnswer): string {
  const why = `${kind}: ${reason}`;
  if (!allowed) return `${plain(`no path: ${why}`)}\n${plain(`nearest that can be reached: ${nearest}`)}\n`;
  if (hops.length === 0) return `${plain(`nothing to do: ${why}`)}\n`;
  return `${plain([from, ...hops].join(' → '))}\n${plain(why)}\n`;
}
