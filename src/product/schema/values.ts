import * as v from 'valibot';
import { parseVersion } from '../../version/version.ts';
import { DURATION, durationMs, MAX_DURATION_MS } from '../duration.ts';
import { parseTemplate, referencesOf, type Variable } from '../template.ts';

/** Starts the message about an unknown key; the known ones follow, so that the nearest can be suggested. */
export const NO_SUCH_KEY = 'no such key: ';

/**
 * An object whose unknown keys are each a problem. valibot's own strictObject stops at the first unknown key, and a person
 * who has mistyped three keys wants to hear of three. The cast leaves off what objectWithRest adds to the type of the values: an
 * index signature of `never`, which no plain object would fit.
 */
export function strict<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  return v.objectWithRest(
    entries,
    v.never(NO_SUCH_KEY + Object.keys(entries).join(' ')),
  ) as unknown as v.StrictObjectSchema<Entries, undefined>;
}

/** Text of one line; `expected` is what the message says was expected. */
function matching(pattern: RegExp, expected: string) {
  return v.pipe(v.string(expected), v.maxLength(4096, 'at most 4096 characters'), v.regex(pattern, expected));
}

export const text = matching(/\S/, 'some text');
/** A word for messages, flags and files: a product, a probe, a finding's code. */
export const word = matching(/^[a-z][a-z0-9-]{0,63}$/, 'a lower-case word such as "my-server"');
/** The name of an environment variable. */
export const envKey = matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');
/** One name inside a directory, never a path: it is joined to directories that are copied and restored. */
export const fileName = matching(/^(?!\.{1,2}$)[^/\0\n]+$/, 'a file name without "/"');
/** A path inside an archive: relative, without "." or ".." parts. */
export const memberPath = matching(
  /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\0\n\\]+$/,
  'a relative path without ".." such as "bin/server"',
);
/** As useradd(8) allows; also what systemd calls a strict name. */
export const userName = matching(/^[a-z_][a-z0-9_-]{0,30}$/i, 'the name of a user');
/** A name in an SQL schema, put into a statement of ours. */
export const sqlName = matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a table or column');
/** Permission bits, quoted: YAML 1.2 reads a bare 0755 as the decimal number 755. */
export const mode = v.pipe(
  matching(/^0?[0-7]{3}$/, "a quoted octal mode such as '0755'"),
  v.transform((octal) => Number.parseInt(octal, 8)),
);
/** A release as its tag is written. */
export const release = v.pipe(
  v.string('a version such as v1.2.3'),
  v.check((tag) => parseVersion(tag) !== undefined, 'a version such as v1.2.3'),
);
/** One read-only statement, run on a snapshot of ours, never on the live database. */
export const statement = matching(/^\s*(?:select|with)\b[^;]*$/i, 'one SELECT statement without ";"');

/** Written `300ms`, `90s`, `5m`, `1h`; milliseconds once read. */
export const duration = v.pipe(
  matching(DURATION, 'a duration such as 300ms, 90s or 5m'),
  v.transform(durationMs),
  v.maxValue(MAX_DURATION_MS, 'a duration of at most 24h'),
);

const SIZES = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
/** Written `64KiB`, `512MiB`, `1GiB`; bytes once read. */
export const size = v.pipe(
  matching(/^[1-9]\d{0,5}(?:KiB|MiB|GiB)$/, 'a size such as 512MiB'),
  v.transform((written) => Number.parseInt(written, 10) * SIZES[written.replace(/^\d+/, '') as keyof typeof SIZES]),
  v.maxValue(64 * SIZES.GiB, 'a size of at most 64GiB'),
);

/**
 * A regular expression, kept as text so that a plan in a journal can carry it. Bounded, and compiled here, so that a bad
 * one is met when the profile is read and not in the middle of an upgrade.
 */
export function pattern(...groups: readonly string[]) {
  return v.pipe(
    v.string('a regular expression'),
    v.maxLength(500, 'a regular expression of at most 500 characters'),
    v.check(compiles, 'a regular expression that compiles'),
    v.check(
      (source) => groups.every((group) => source.includes(`(?<${group}>`)),
      `a regular expression with the named group ${groups.map((group) => `(?<${group}>…)`).join(', ')}`,
    ),
  );
}

function compiles(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

/** What is known once an installation has been found: its own paths and environment. */
export const INSTALLED = ['binary', 'binary_dir', 'os', 'arch', 'prefix', 'env'] as const;

/** A template that may use only these names, because the others have no value where it is expanded. */
export function template(...names: readonly (Variable | 'env')[]) {
  return v.pipe(
    v.string('text'),
    v.minLength(1, 'some text'),
    v.maxLength(4096, 'at most 4096 characters'),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const parsed = parseTemplate(dataset.value);
      if ('problem' in parsed) {
        addIssue({ message: parsed.problem });
        return;
      }
      const allowed: readonly string[] = names;
      for (const name of referencesOf(dataset.value)) {
        if (allowed.includes(name.startsWith('env.') ? 'env' : name)) continue;
        addIssue({ message: `saw "{${name}}", which has no value here, expected ${named(allowed)}` });
      }
    }),
  );
}

function named(allowed: readonly string[]): string {
  if (allowed.length === 0) return 'text without names in braces';
  return `one of ${allowed.map((name) => (name === 'env' ? 'env.KEY' : name)).join(', ')}`;
}
