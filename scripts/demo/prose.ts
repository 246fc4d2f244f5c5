import type { Look } from './look.ts';
import { BREAKS, type DemoOptions } from './options.ts';
import { REFIT } from './shell.ts';
import type { Stage } from './stage.ts';
import { NEWER, NEWEST } from './versions.ts';

// Every text of the demonstration, a line each, 80 columns.

const BROKEN = {
  migration: 'has a migration that fails on the data that is there',
  boot: 'ends as soon as it is started',
  health: 'starts, and then says that it cannot reach its database',
  checksum: 'was altered after its checksums were written',
} as const;

const MEANS: Readonly<Record<number, string>> = {
  0: 'done, as asked',
  4: 'refused before anything was touched',
  6: 'the download cannot be trusted; nothing was changed',
  7: 'it failed, and all is as it was before',
};

export function sceneWords({ prefix, server, mirror }: Stage, options: DemoOptions, { version, data }: Look): string[] {
  const fault = options.break === undefined ? [] : ['', `The newest one, ${NEWEST}, ${BROKEN[options.break]}.`];
  return [
    'A sample server was installed and started. It has been in use for a while:',
    '',
    `  version    ${version}, answering at ${server.url}`,
    `  data       ${data.length} visits, in a SQLite database`,
    `  directory  ${prefix}`,
    `  releases   ${NEWER.join(', ')}, served at ${mirror.url}`,
    ...fault,
    '',
    'Now it is upgraded, by the command that you would type:',
  ];
}

export function seenWords(
  status: number,
  { version, data }: Look,
  kept: boolean,
  windowMs: number | undefined,
): string[] {
  const had = kept ? 'with all the data of before' : 'but not with the data of before';
  return [
    '',
    'What was seen from outside:',
    `  refit ended with exit status ${status}: ${MEANS[status] ?? 'refit docs exit-codes says more'}.`,
    version === undefined
      ? '  The server does not answer.'
      : `  ${version} answers, ${had} (${data.length} visits now).`,
    windowMs === undefined
      ? '  It was never stopped.'
      : `  It was away for ${windowMs} ms, from its stop to the first answer after it.`,
  ];
}

export function endWords(options: DemoOptions): string[] {
  const modes = Object.keys(BREAKS).join('|');
  return [
    '',
    'The server was stopped and its directory removed. Try next:',
    ...(options.break === undefined ? [] : ['  npm run demo                      the same upgrade without the fault']),
    `  npm run demo -- --break ${modes}`,
    '                                    an upgrade that is refused, or undone',
    '  npm run demo -- --keep            leave the server running, to roll it back',
  ];
}

export function keepWords({ directory, prefix, releases, server }: Stage): string[] {
  return [
    '',
    'The server is still running. You can type now:',
    '',
    `alias refit='${process.execPath} ${REFIT}'`,
    `refit rollback --prefix ${prefix}`,
    `refit upgrade --to v0.2.x --prefix ${prefix} \\`,
    `    --source ${releases}`,
    `curl ${server.url}/api/v1/health`,
    '',
    'And when you have seen enough:',
    '',
    `kill $(head -n 1 ${prefix}/run/sample.pid)`,
    `rm -r ${directory}`,
  ];
}
