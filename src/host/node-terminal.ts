import { RefitError } from '../errors.ts';
import { errnoOf } from './errno.ts';
import type { Terminal } from './terminal.ts';

/** The process's own three streams. */
export function nodeTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // EPIPE and EIO: whoever read us has gone. What we were doing has nothing to do with it.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const live = stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    async pour(parts) {
      for await (const part of parts) await written(stdout, part);
    },
    err: (text) => void stderr.write(text),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    outIsTerminal: stdout.isTTY === true,
    live,
    colour: live && (process.env['NO_COLOR'] ?? '') === '',
    get columns() {
      return stderr.columns ?? 80;
    },
    async ask(question) {
      const { createInterface } = await import('node:readline/promises');
      const reader = createInterface({ input: stdin, output: stderr });
      const ended = new Promise<undefined>((resolve) => reader.once('close', () => resolve(undefined)));
      try {
        return await Promise.race([reader.question(question), ended]);
      } finally {
        reader.close();
      }
    },
    onInterrupt: (listener) => void process.on('SIGINT', listener),
  };
}

/** Silence would be wrong here: half of an archive is none. */
function written(stream: NodeJS.WriteStream, part: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(part, (cause) => {
      if (cause === null || cause === undefined) return resolve();
      const saw = errnoOf(cause) ?? cause.message;
      reject(
        new RefitError('E_IO', `Cannot write to stdout: saw ${saw}, expected somebody to read all of it`, {
          hint: 'Look at what the program behind the pipe says; what it has is not whole',
          cause,
        }),
      );
    });
  });
}
