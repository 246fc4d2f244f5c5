import { RefitError } from '../errors.ts';
import type { Argv, CommandResult, Commands } from '../host/commands.ts';
import { type Properties, parseShow } from './show-output.ts';

/** Never a pager, never a question: nobody sits at this terminal, and polkit would wait for an answer. */
const SYSTEMCTL = ['systemctl', '--no-pager', '--no-ask-password'] as const;

const ANSWER_MS = 30_000;
/** A crash loop fills a journal quickly. */
const MAX_ANSWER = 16 * 1024 * 1024;
/** On a host with thousands of units, with its generators; systemd's own limit for it. */
const RELOAD_MS = 90_000;

/** A look that must answer. */
export async function ask(commands: Commands, argv: Argv): Promise<string> {
  const result = await commands.query(argv, { timeoutMs: ANSWER_MS, maxOutput: MAX_ANSWER });
  if (result.exitCode === 0 && !result.timedOut) return result.stdout;
  const saw = result.timedOut
    ? `no answer within ${ANSWER_MS / 1000} s`
    : lastLine(result) || `exit code ${result.exitCode}`;
  throw new RefitError(
    'E_COMMAND_FAILED',
    `Cannot ask the service manager (${argv.slice(0, 4).join(' ')}): saw ${saw}`,
    {
      hint: 'systemctl is-system-running says how the manager is; run as root where it refuses',
    },
  );
}

/** One child for any number of properties. */
export async function show(commands: Commands, unit: string, properties: readonly string[]): Promise<Properties> {
  return parseShow(await ask(commands, [...SYSTEMCTL, 'show', `--property=${properties.join(',')}`, '--', unit]));
}

/** A change, whatever comes of it. */
export const order = (
  commands: Commands,
  words: readonly [string, ...string[]],
  timeoutMs: number = ANSWER_MS,
): Promise<CommandResult> => commands.run([...SYSTEMCTL, ...words], { timeoutMs });

/** Whoever used up the starts of a unit is forgotten. It fails where the unit is not loaded, and then there is nothing to forget. */
export async function forgetStarts(commands: Commands, unit: string): Promise<void> {
  await order(commands, ['reset-failed', '--', unit]);
}

export async function reload(commands: Commands): Promise<void> {
  await commands.must([...SYSTEMCTL, 'daemon-reload'], { timeoutMs: RELOAD_MS });
}

/** `running`, `degraded`, `stopping` …; empty where nobody answers. Any exit code but 0 is an answer too. */
export async function systemState(commands: Commands): Promise<string> {
  const { stdout } = await commands.query([...SYSTEMCTL, 'is-system-running'], { timeoutMs: ANSWER_MS });
  return stdout.trim();
}

/** What a person would see of a refusal: the log lines under `systemctl status`. */
export async function statusWords(commands: Commands, unit: string): Promise<string> {
  const argv: Argv = [...SYSTEMCTL, 'status', '--full', '--lines=5', '--output=cat', '--', unit];
  const { stdout } = await commands.query(argv, { timeoutMs: ANSWER_MS });
  const [, lines = ''] = stdout.split(/\n\n(.*)/s);
  return lines.trim().split('\n').join('; ');
}

export const lastLine = ({ stderr }: CommandResult): string => stderr.trim().split('\n').at(-1) ?? '';
