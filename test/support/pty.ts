import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PTY = join(import.meta.dirname, 'on-terminal.py');

/** What a keyboard sends. */
export const KEY = { interrupt: '\x03', stop: '\x13', resume: '\x11', suspend: '\x1a', endOfFile: '\x04' } as const;

export interface TerminalOptions {
  readonly cwd?: string;
  /** The whole environment; by default ours with TERM=xterm. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly lines?: number;
  readonly columns?: number;
}

/**
 * A command on a pseudo terminal of its own, whose session it leads. ^Z does nothing to a session's leader: run it in a shell
 * with job control (`bash -mc 'command; fg'`) where that matters.
 */
export interface Terminal extends AsyncDisposable {
  /** All that was printed so far, as a terminal gets it: lines end in `\r\n`. */
  screen(): string;
  /** Waits until it was printed. The test's own time limit ends the waiting; a command that ends without it rejects. */
  shows(text: string): Promise<void>;
  type(text: string): void;
  /** Nobody reads the screen any more: a command that goes on printing blocks in its write. */
  freeze(): void;
  thaw(): void;
  /** The terminal goes away, as when an SSH session drops. */
  hangUp(): void;
  /** The command's exit code, 128 and the number where a signal ended it; also after `hangUp`. */
  readonly ended: Promise<number>;
}

/** Needs python3. */
export function onTerminal(argv: readonly [string, ...string[]], options: TerminalOptions = {}): Terminal {
  const { cwd, env = { ...process.env, TERM: 'xterm' }, lines = 24, columns = 100 } = options;
  const child = spawn('python3', [PTY, String(lines), String(columns), ...argv], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  // Keys that come after its end go nowhere.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1));
  return {
    screen: () => screen,
    async shows(text) {
      while (!screen.includes(text)) {
        const over = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)]);
        if (over && !screen.includes(text)) throw new Error(`The command ended without printing ${text}:\n${screen}`);
      }
    },
    type: (text) => void child.stdin.write(text),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    hangUp: () => void child.kill('SIGUSR1'),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
