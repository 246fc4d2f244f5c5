import { RefitError } from '../errors.ts';
import { closest } from './closest.ts';
import { parseYaml, type Source } from './parse-yaml.ts';
import { type Place, sentence } from './problem.ts';

/** A flag's value, as commander would have given it. */
export type Setting = string | boolean | readonly string[];

/**
 * refit.yaml: each key is a flag's name (`to`, `token-file` or `token_file`), beside `proxy` and `ca_file`. Returned by
 * camel-case name. Every problem at once, as `file:line:column`, in one E_CONFIG_INVALID.
 */
export function loadSettings(source: Source, flags: readonly string[]): Readonly<Record<string, Setting>> {
  const { tree, problems } = parseYaml(source);
  const wrong = problems.map(sentence);
  const known = [...flags, 'proxy', 'ca-file'];
  const settings: Record<string, Setting> = {};
  const add = (at: Place, message: string): void => {
    wrong.push(sentence({ at, path: '', message }));
  };
  if (tree !== undefined && tree.kind !== 'map' && !(tree.kind === 'scalar' && tree.value === null)) {
    add(tree.at, 'saw no map, expected "key: value" lines');
  }
  for (const [key, { keyAt, tree: value }] of tree?.kind === 'map' ? tree.entries : []) {
    const name = key.replaceAll('_', '-');
    if (!known.includes(name)) {
      const near = closest(name, known);
      add(
        keyAt,
        `saw the key "${key}", expected a flag's name${near === undefined ? '' : `: did you mean "${near}"?`}`,
      );
      continue;
    }
    const camel = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (value.kind === 'scalar' && value.value !== null) {
      settings[camel] = typeof value.value === 'boolean' ? value.value : String(value.value);
    } else if (value.kind === 'list' && value.items.every((item) => item.kind === 'scalar')) {
      settings[camel] = value.items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''));
    } else
      add(value.at, `saw ${value.kind === 'scalar' ? 'nothing' : `a ${value.kind}`} for "${key}", expected a value`);
  }
  if (wrong.length === 0) return settings;
  throw new RefitError('E_CONFIG_INVALID', `Cannot read ${source.file}:\n${wrong.join('\n')}`, {
    hint: 'refit upgrade --help lists the flags',
  });
}
