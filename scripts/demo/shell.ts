import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const REFIT = path.resolve(import.meta.dirname, '../../bin/refit.js');
const WIDTH = 80;

/** What is typed after `refit`. */
export interface Shell {
  /** Shows the command as one would type it, runs it here, and resolves with its exit status. */
  run(...words: readonly string[]): Promise<number>;
  /** Runs it unseen, for the one object that `-o json` prints. */
  json(...words: readonly string[]): unknown;
}

export function shellIn(directory: string): Shell {
  const env = environment(directory);
  return {
    async run(...words) {
      process.stdout.write(`\n${typed(words)}\n`);
      // Ctrl-C is for refit, which shares our terminal: it says what becomes of the upgrade, and we still tidy up.
      const ignore = (): void => undefined;
      process.on('SIGINT', ignore);
      try {
        const child = spawn(process.execPath, [REFIT, ...words], { env, stdio: 'inherit' });
        const [status] = (await once(child, 'exit')) as [number | null];
        return status ?? 1;
      } finally {
        process.off('SIGINT', ignore);
      }
    },
    json(...words) {
      const argv = [REFIT, ...words, '-o', 'json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`Cannot read refit ${words.join(' ')}: exit ${status}\n${stderr}`);
      return JSON.parse(stdout);
    },
  };
}

/** Ours, but for what would make it another demonstration: settings of this machine's, and a proxy between us and loopback. */
function environment(directory: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('REFIT_') && key !== 'STATE_DIRECTORY');
  const direct = { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  return { ...Object.fromEntries(own), ...direct, REFIT_CONFIG: path.join(directory, 'refit.yaml') };
}

/** The command line, broken before an option where it is too long for a terminal. */
function typed(words: readonly string[]): string {
  const lines: string[] = ['$ refit'];
  for (const group of grouped(words)) {
    const line = `${lines.at(-1)} ${group}`;
    if (line.length <= WIDTH - 2) lines.splice(-1, 1, line);
    else lines.push(`    ${group}`);
  }
  return lines.join(' \\\n');
}

/** An option and its value stay together. */
function grouped(words: readonly string[]): readonly string[] {
  const groups: string[] = [];
  for (const word of words) {
    const last = groups.at(-1);
    const isValue = last?.startsWith('-') === true && !last.includes(' ') && !word.startsWith('-');
    if (isValue) groups.splice(-1, 1, `${last} ${word}`);
    else groups.push(word);
  }
  return groups;
}
