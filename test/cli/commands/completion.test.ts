import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parse } from '../../../src/cli/program.ts';
import { VERBS } from '../../../src/cli/verbs.ts';
import { recordingTerminal } from '../support/terminal.ts';

/** What `refit completion SHELL` prints. */
async function script(shell = 'bash'): Promise<string> {
  const terminal = recordingTerminal();
  const parsed = parse(['completion', shell], { version: '1', out: terminal.out, err: terminal.err });
  const context = {
    terminal,
    output: 'table' as const,
    workshop: () => Promise.reject(new Error('nothing is looked at')),
    environment: {},
    workingDirectory: '/',
    typed: '',
    given: new Set<string>(),
  };
  expect(await (await parsed?.verb.load())?.(context, {}, parsed?.operands ?? [])).toBe(0);
  return terminal.stdout;
}

/** What bash offers behind these words. */
function offered(text: string, ...words: readonly string[]): readonly string[] {
  const ask = `${text}
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _refit; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask, 'bash', 'refit', ...words], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

test('bash reads it', async () => {
  execFileSync('bash', ['-n'], { input: await script() });
});

test('it offers verbs, and not the one that is ours alone', async () => {
  const verbs = VERBS.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
  expect(offered(await script(), '')).toEqual(verbs);
  expect(offered(await script(), 'st')).toEqual(['status']);
});

test.each([
  [
    ['upgrade', '--to'],
    ['--to', '--token-file'],
  ],
  [['status', '-o', 'j'], ['json']],
  [
    ['docs', ''],
    ['--output', '--state-dir', 'backup', 'errors', 'profile', 'exit-codes', 'schema'],
  ],
  [['backup', 'l'], ['list']],
  [
    ['backup', 'export', '--c'],
    ['--copy-to', '--compression'],
  ],
  [['upgrade', '--archive', 'g'], ['gzip']],
  [['backup', 'export', '--compression', 'z'], ['zstd']],
  [['backup', 'prune', '--k'], ['--keep']],
  [['backup', '--wa'], ['--waive']],
])('%j: %j', async (words, expected) => {
  const seen = offered(await script(), ...words);
  expect(words[0] === 'docs' ? new Set(seen) : seen).toEqual(words[0] === 'docs' ? new Set(expected) : expected);
});

test('another shell', async () => {
  await expect(script('zsh')).rejects.toMatchObject({ code: 'E_USAGE', message: expect.stringContaining('"zsh"') });
});
