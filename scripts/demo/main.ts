import { look } from './look.ts';
import { type DemoOptions, demoOptions, HELP } from './options.ts';
import { isKept, keptData, promisedOf } from './promise.ts';
import { endWords, keepWords, sceneWords, seenWords } from './prose.ts';
import { type Shell, shellIn } from './shell.ts';
import { type Stage, setStage } from './stage.ts';

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

/** Resolves with the exit status: 0 if refit did as it promises, also where the release is broken; 1 if not; 2 for usage. */
export async function demo(argv: readonly string[]): Promise<number> {
  let options: DemoOptions;
  try {
    options = demoOptions(argv);
  } catch (error) {
    process.stderr.write(`refit demo: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const stage = await setStage(options.break);
  try {
    return await play(stage, options);
  } finally {
    await stage.strike(options.keep);
    say(options.keep ? keepWords(stage) : endWords(options));
  }
}

async function play(stage: Stage, options: DemoOptions): Promise<number> {
  const { prefix, mirror, server } = stage;
  const shell = shellIn(stage.directory);
  const before = await look(server);
  say(sceneWords(stage, options, before));
  const status = await shell.run('upgrade', '--to', 'v0.2.x', '--prefix', prefix, '--source', mirror.url, '--yes');
  await shell.run('status', '--prefix', prefix);
  await shell.run('history', '--prefix', prefix);
  const after = await look(server);
  say(seenWords(status, after, keptData(before, after), windowOf(shell, prefix)));
  const promised = promisedOf(options.break);
  if (isKept(promised, status, before, after)) return 0;
  const { version } = promised;
  say(['', `That is not what refit promises: exit status ${promised.status}, and ${version} with its data.`]);
  return 1;
}

/** Of the newest run, in milliseconds; undefined where the service was not stopped. */
function windowOf(shell: Shell, prefix: string): number | undefined {
  const { runs } = shell.json('history', '--prefix', prefix) as {
    readonly runs: readonly { readonly windowMs?: number }[];
  };
  return runs[0]?.windowMs;
}
