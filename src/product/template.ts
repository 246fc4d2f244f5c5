import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import { dialAddress } from './listen-address.ts';

/**
 * Names a template may use:
 * `binary` the file that is replaced and `binary_dir` its directory, `os` and `arch` as Go names them (linux, amd64),
 * `version` the release as its tag is written (v0.2.13), `number` the same without a leading v, `commit` of the release,
 * `scratch` an empty directory for a rehearsal, `prefix` the root of an embedded installation.
 */
export const VARIABLES = [
  'binary',
  'binary_dir',
  'os',
  'arch',
  'version',
  'number',
  'commit',
  'scratch',
  'prefix',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** What names stand for. `number` follows from `version` and is never given. */
export type Scope = Readonly<Partial<Record<Exclude<Variable, 'number'>, string>>> & {
  /** The effective environment of the service. */
  readonly env: Readonly<Record<string, string>>;
};

const FUNCTIONS = {
  dirname: (value: string) => posix.dirname(value),
  http: (value: string) => `http://${dialAddress(value)}`,
  dial: dialAddress,
} as const;
type FunctionName = keyof typeof FUNCTIONS;

type Reference = { readonly variable: Variable } | { readonly key: string };
type Part =
  | string
  | { readonly call: FunctionName | undefined; readonly reference: Reference; readonly source: string };

/** A template as read: its parts, or what is wrong with it as "saw X, expected Y". */
export type Parsed = { readonly parts: readonly Part[] } | { readonly problem: string };

const REFERENCE = /^(?:(?<call>[a-z_]+) )?(?:env\.(?<key>[A-Za-z_][A-Za-z0-9_]*)|(?<variable>[a-z_]+))$/;

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

function parseReference(source: string): Exclude<Part, string> | { readonly problem: string } {
  const groups = REFERENCE.exec(source)?.groups;
  if (groups === undefined) {
    return { problem: `saw "{${source}}", expected "{name}", "{env.KEY}" or "{function name}"` };
  }
  const { call, key, variable } = groups;
  if (call !== undefined && !isFunction(call)) {
    return { problem: `saw the function "${call}", expected one of ${Object.keys(FUNCTIONS).join(', ')}` };
  }
  if (key !== undefined) return { call, reference: { key }, source };
  const known = VARIABLES.find((name) => name === variable);
  if (known === undefined) {
    return { problem: `saw the name "${variable}", expected env.KEY or one of ${VARIABLES.join(', ')}` };
  }
  return { call, reference: { variable: known }, source };
}

/** Reads `{name}`, `{env.KEY}`, `{dirname X}`, `{http X}`, `{dial X}`; `{{` and `}}` are literal braces. */
export function parseTemplate(text: string): Parsed {
  const parts: Part[] = [];
  let rest = text;
  while (rest !== '') {
    const brace = rest.search(/[{}]/);
    if (brace < 0) return { parts: [...parts, rest] };
    if (brace > 0) parts.push(rest.slice(0, brace));
    const opening = rest.slice(brace);
    if (opening.startsWith('{{') || opening.startsWith('}}')) {
      parts.push(opening.slice(0, 1));
      rest = opening.slice(2);
      continue;
    }
    const end = opening.indexOf('}');
    if (opening.startsWith('}') || end < 0) {
      return { problem: `saw a lone "${opening.slice(0, 1)}", expected "{name}", or "{{" and "}}" for literal braces` };
    }
    const part = parseReference(opening.slice(1, end));
    if ('problem' in part) return part;
    parts.push(part);
    rest = opening.slice(end + 1);
  }
  return { parts };
}

function lookUp(reference: Reference, scope: Scope): string | undefined {
  if ('key' in reference) return Object.hasOwn(scope.env, reference.key) ? scope.env[reference.key] : undefined;
  if (reference.variable === 'number') return scope.version?.replace(/^v/, '');
  return scope[reference.variable];
}

function partsOf(template: string): readonly Part[] {
  const parsed = parseTemplate(template);
  // Templates of a loaded profile were checked when it was loaded.
  if ('problem' in parsed)
    throw new Error(`internal error: the template ${JSON.stringify(template)} was never checked`);
  return parsed.parts;
}

/** The variables and the env keys (`env.KEY`) a checked template uses, in order. */
export function referencesOf(template: string): readonly string[] {
  return partsOf(template).flatMap((part) => {
    if (typeof part === 'string') return [];
    return ['key' in part.reference ? `env.${part.reference.key}` : part.reference.variable];
  });
}

/** Whether every name of the template has a value: a probe for `{commit}` is skipped while no commit is known. */
export function isExpandable(template: string, scope: Scope): boolean {
  return partsOf(template).every((part) => typeof part === 'string' || lookUp(part.reference, scope) !== undefined);
}

/** The template's text. Rejects with E_CONFIG_INVALID a name without a value and a listen address that is none. */
export function expand(template: string, scope: Scope): string {
  return partsOf(template)
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = lookUp(part.reference, scope);
      if (value === undefined) {
        throw new RefitError(
          'E_CONFIG_INVALID',
          `Cannot expand ${JSON.stringify(template)}: saw no value for "${part.source}", expected one from the service's environment`,
          { hint: 'set it in the env file of the service, or give it a default in the profile' },
        );
      }
      return part.call === undefined ? value : FUNCTIONS[part.call](value);
    })
    .join('');
}
