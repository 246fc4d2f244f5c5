import { RefitError } from '../errors.ts';
import { closest } from './closest.ts';
import { parseYaml, type Source } from './parse-yaml.ts';
import { type Place, sentence } from './problem.ts';
import type { Tree } from './tree.ts';

/** A flag's value, as it would have been typed. */
export type Setting = string | boolean | readonly string[];

/** What a flag takes: nothing, a text, or several. */
export type SettingKind = 'switch' | 'value' | 'list';

/** What is no flag: the environment names these, and sudo drops it. */
const BESIDE_FLAGS: readonly (readonly [string, SettingKind])[] = [
  ['proxy', 'value'],
  ['ca-file', 'value'],
];

/**
 * refit.yaml: each key is a flag's name (`to`, `token-file` or `token_file`), beside `proxy` and `ca_file`. Returned by
 * camel-case name. Every problem at once, as `file:line:column`, in one E_CONFIG_INVALID.
 */
export function loadSettings(
  source: Source,
  flags: ReadonlyMap<string, SettingKind>,
): Readonly<Record<string, Setting>> {
  const { tree, problems } = parseYaml(source);
  const wrong = problems.map(sentence);
  const add = (at: Place, message: string): void => {
    wrong.push(sentence({ at, path: '', message }));
  };
  const known = new Map([...flags, ...BESIDE_FLAGS]);
  const settings: Record<string, Setting> = {};
  if (tree !== undefined && tree.kind !== 'map' && !(tree.kind === 'scalar' && tree.value === null)) {
    add(tree.at, 'saw no map, expected "key: value" lines');
  }
  for (const [key, { keyAt, tree: value }] of tree?.kind === 'map' ? tree.entries : []) {
    const name = key.replaceAll('_', '-');
    const kind = known.get(name);
    if (kind === undefined) {
      add(keyAt, `saw the key "${key}", expected a flag's name${guess(name, [...known.keys()])}`);
      continue;
    }
    const setting = settingOf(value, kind);
    const camel = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (setting === undefined) add(value.at, `saw ${described(value)} for "${key}", expected ${EXPECTED[kind]}`);
    else settings[camel] = setting;
  }
  if (wrong.length === 0) return settings;
  const count = `${wrong.length} problem${wrong.length === 1 ? '' : 's'}`;
  throw new RefitError(
    'E_CONFIG_INVALID',
    `Cannot read ${source.file}: saw ${count}, expected none\n${wrong.join('\n')}`,
    {
      hint: 'Keys are flags: refit upgrade --help',
      facts: { problems: wrong.length },
    },
  );
}

const EXPECTED: Readonly<Record<SettingKind, string>> = {
  switch: 'true or false',
  value: 'text (numbers in quotes, or 1.10 would become 1.1)',
  list: 'text or a list of texts',
};

function settingOf(tree: Tree, kind: SettingKind): Setting | undefined {
  if (kind === 'switch') return tree.kind === 'scalar' && typeof tree.value === 'boolean' ? tree.value : undefined;
  const one = textOf(tree);
  if (kind === 'value') return one;
  if (one !== undefined) return [one];
  const texts = tree.kind === 'list' ? tree.items.map(textOf) : [undefined];
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function textOf(tree: Tree): string | undefined {
  return tree.kind === 'scalar' && typeof tree.value === 'string' && tree.value !== '' ? tree.value : undefined;
}

function described(tree: Tree): string {
  if (tree.kind !== 'scalar') return `a ${tree.kind}`;
  return tree.value === null || tree.value === '' ? 'nothing' : String(tree.value);
}

function guess(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  return near === undefined ? '' : `: did you mean "${near}"?`;
}
