import { EXIT, RefitError } from '../../errors.ts';
import type { Command } from '../context.ts';
import type { Flag, Verb } from '../verb.ts';

/** A static script, made from the table of verbs: nothing of refit runs while a person presses Tab. */
export function completionOf(verbs: readonly Verb[], everywhere: readonly Flag[]): Command {
  return async (context, _flags, [shell]) => {
    if (shell !== 'bash') {
      throw new RefitError('E_USAGE', `Cannot complete for "${shell}": expected bash`, {
        hint: 'refit completion bash > /etc/bash_completion.d/refit',
      });
    }
    context.terminal.out(
      bashScript(
        verbs.filter(({ hidden }) => hidden !== true),
        everywhere,
      ),
    );
    return EXIT.ok;
  };
}

function bashScript(verbs: readonly Verb[], everywhere: readonly Flag[]): string {
  const words = ({ name, flags, below = [] }: Verb): string =>
    [...below.map((verb) => verb.name), ...[...flags, ...everywhere].flatMap(long), ...pages(name)].join(' ');
  const cases = verbs.flatMap((verb) => [
    ...(verb.below ?? []).map((one) => `    "${verb.name} ${one.name}") words="${words(one)}" ;;`),
    `    ${verb.name}|"${verb.name} "*) words="${words(verb)}" ;;`,
  ]);
  return `# bash completion for refit: source it, or put it in /etc/bash_completion.d/refit
_refit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "$before" in
    --profile|--prefix|--source|--from-tarball|--token-file|--state-dir|--copy-to|--out|--plan) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --archive|--compression) COMPREPLY=($(compgen -W "zstd gzip" -- "$word")); return ;;
    -o|--output) COMPREPLY=($(compgen -W "table json ndjson" -- "$word")); return ;;
  esac
  case "\${COMP_WORDS[*]:1:2}" in
${cases.join('\n')}
    *) words="${verbs.map(({ name }) => name).join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _refit refit
`;
}

function long({ spelling }: Flag): readonly string[] {
  return spelling.match(/--[a-z0-9-]+/g) ?? [];
}

function pages(verb: string): readonly string[] {
  if (verb === 'docs') return ['backup', 'errors', 'profile', 'exit-codes', 'schema'];
  return verb === 'completion' ? ['bash'] : [];
}
