import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Place, Problem } from './problem.ts';
import type { Entry, Tree } from './tree.ts';

/** Far above any profile; the parser's memory grows with its input. */
const MAX_BYTES = 256 * 1024;
/** Ten lines of aliases to aliases make a billion nodes ("billion laughs"): what is counted is nodes after expansion. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 32;
/** The parser looks through the whole document for each: fifteen thousand took it 50 s. */
const MAX_ALIASES = 100;
/** Keys that mean something to JavaScript objects: valibot skips them silently, so they would pass as known. */
const RESERVED_KEYS = new Set(['__proto__', 'prototype', 'constructor']);

/** A file's name for messages, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface ParsedYaml {
  /** Absent where the text is not YAML at all. */
  readonly tree: Tree | undefined;
  readonly problems: readonly Problem[];
}

/** What the parser's findings mean to a person; its own words for the rest. */
const WORDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'saw a tab, expected spaces for indentation',
  DUPLICATE_KEY: 'saw this key a second time, expected each key once',
  MULTIPLE_DOCS: 'saw a second document, expected one profile per file',
  NON_STRING_KEY: 'saw a key that is not text, expected a word or a quoted text',
};

class Walk {
  readonly problems: Problem[] = [];
  #nodes = 0;
  #aliases = 0;
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #resolve: (alias: Alias) => Node | undefined;

  constructor(file: string, lines: LineCounter, resolve: (alias: Alias) => Node | undefined) {
    this.#file = file;
    this.#lines = lines;
    this.#resolve = resolve;
  }

  place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  tree(node: Node | null, path: readonly string[], near: Place): Tree {
    const at = node?.range ? this.place(node.range[0]) : near;
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || path.length > MAX_DEPTH) {
      // One message is enough: every node after this one is over the limit too.
      if (this.#nodes <= MAX_NODES + 1) this.#limit(at, path);
      return { kind: 'scalar', at, value: null };
    }
    if (isAlias(node)) return this.#alias(node, path, at);
    if (isMap(node)) return { kind: 'map', at, entries: this.#entries(node, path, at) };
    if (isSeq(node)) {
      return {
        kind: 'list',
        at,
        items: node.items.map((item, index) => this.tree(item as Node, [...path, `${index}`], at)),
      };
    }
    return { kind: 'scalar', at, value: this.#scalar(node, path, at) };
  }

  #alias(node: Alias, path: readonly string[], at: Place): Tree {
    this.#aliases += 1;
    if (this.#aliases > MAX_ALIASES) {
      if (this.#aliases === MAX_ALIASES + 1)
        this.problems.push({
          at,
          path: path.join('.'),
          message: `saw more than ${MAX_ALIASES} aliases, expected fewer`,
        });
      return { kind: 'scalar', at, value: null };
    }
    const target = this.#resolve(node);
    if (target === undefined)
      this.problems.push({ at, path: path.join('.'), message: `saw *${node.source}, expected an anchor above it` });
    return { ...this.tree(target ?? null, path, at), at };
  }

  #limit(at: Place, path: readonly string[]): void {
    this.#nodes = MAX_NODES + 1;
    const message = `saw more than ${MAX_NODES} values or ${MAX_DEPTH} levels with aliases expanded, expected fewer`;
    this.problems.push({ at, path: path.slice(0, 4).join('.'), message });
  }

  #entries(map: YAMLMap, path: readonly string[], near: Place): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const { key, value } of map.items) {
      const keyNode = key as Node | null;
      const keyAt = keyNode?.range ? this.place(keyNode.range[0]) : near;
      const name = isScalar(keyNode) ? String(keyNode.value) : '';
      if (RESERVED_KEYS.has(name) || name === '<<') {
        this.problems.push({
          at: keyAt,
          path: [...path, name].join('.'),
          message: `saw the key "${name}", expected another name`,
        });
        continue;
      }
      entries.set(name, { keyAt, tree: this.tree(value as Node | null, [...path, name], keyAt) });
    }
    return entries;
  }

  #scalar(node: Node | null, path: readonly string[], at: Place): string | number | boolean | null {
    const value: unknown = isScalar(node) ? node.value : null;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.problems.push({ at, path: path.join('.'), message: `saw ${String(value)}, expected text or a finite number` });
    return null;
  }
}

/** YAML 1.2, core schema, one document, no tags, no merge keys, bounded. Never throws for what is in the text. */
export function parseYaml({ file, text }: Source): ParsedYaml {
  const start: Place = { file, line: 1, column: 1 };
  if (Buffer.byteLength(text) > MAX_BYTES) {
    const message = `saw ${Buffer.byteLength(text)} bytes, expected at most ${MAX_BYTES}`;
    return { tree: undefined, problems: [{ at: start, path: '', message }] };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument<ParsedNode>(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: true,
    prettyErrors: false,
    // Not 'silent': that also drops the error about a second document.
    logLevel: 'error',
    lineCounter,
  });
  const walk = new Walk(file, lineCounter, (alias) => alias.resolve(document));
  // Warnings are unknown tags and directives: what a profile says must not depend on what a parser makes of them.
  const problems = [...document.errors, ...document.warnings].map((error): Problem => {
    const message =
      WORDS[error.code] ?? `saw YAML that cannot be read (${error.message.split('\n')[0]}), expected YAML 1.2`;
    return { at: walk.place(error.pos[0]), path: '', message };
  });
  if (problems.length > 0) return { tree: undefined, problems };
  const tree = walk.tree(document.contents, [], start);
  return { tree, problems: walk.problems };
}
