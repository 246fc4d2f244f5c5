import type { Place } from './problem.ts';

/** YAML as data that still knows where each part was written, also after one file was laid over another. */
export type Tree =
  | { readonly kind: 'map'; readonly at: Place; readonly entries: ReadonlyMap<string, Entry> }
  | { readonly kind: 'list'; readonly at: Place; readonly items: readonly Tree[] }
  | { readonly kind: 'scalar'; readonly at: Place; readonly value: string | number | boolean | null };

export interface Entry {
  readonly keyAt: Place;
  readonly tree: Tree;
}

/** The plain value. Maps become objects without a prototype, so that no key is special. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of tree.entries) plain[key] = toPlain(entry.tree);
  return plain;
}

/**
 * `over` laid over `base` as RFC 7396 (JSON merge patch) says: maps key by key, anything else replaces, null removes.
 * Lists are replaced whole: half a list from each file is what neither author wrote.
 */
export function overlay(base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    if (entry.tree.kind === 'scalar' && entry.tree.value === null) entries.delete(key);
    else entries.set(key, below === undefined ? entry : { ...entry, tree: overlay(below.tree, entry.tree) });
  }
  return { kind: 'map', at: over.at, entries };
}

/** Where `path` was written; for a key that is missing, where the map that lacks it was. */
export function placeOf(tree: Tree, path: readonly string[], target: 'key' | 'value'): Place {
  const [head, ...rest] = path;
  if (head === undefined || tree.kind === 'scalar') return tree.at;
  if (tree.kind === 'list') {
    const item = tree.items[Number(head)];
    return item === undefined ? tree.at : placeOf(item, rest, target);
  }
  const entry = tree.entries.get(head);
  if (entry === undefined) return tree.at;
  return rest.length === 0 && target === 'key' ? entry.keyAt : placeOf(entry.tree, rest, target);
}

/** Every scalar with the path to it. */
export function* scalarsOf(
  tree: Tree,
  path: readonly string[] = [],
): Generator<{
  readonly path: readonly string[];
  readonly at: Place;
  readonly value: string | number | boolean | null;
}> {
  if (tree.kind === 'scalar') yield { path, at: tree.at, value: tree.value };
  else if (tree.kind === 'list')
    for (const [index, item] of tree.items.entries()) yield* scalarsOf(item, [...path, `${index}`]);
  else for (const [key, entry] of tree.entries) yield* scalarsOf(entry.tree, [...path, key]);
}

/** What lies at `path`, or undefined. */
export function treeAt(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  const [head, ...rest] = path;
  if (head === undefined || tree === undefined) return tree;
  if (tree.kind === 'map') return treeAt(tree.entries.get(head)?.tree, ...rest);
  return tree.kind === 'list' ? treeAt(tree.items[Number(head)], ...rest) : undefined;
}

/** The scalar at `path`, or undefined. */
export function scalarAt(
  tree: Tree | undefined,
  ...path: readonly string[]
): string | number | boolean | null | undefined {
  const found = treeAt(tree, ...path);
  return found?.kind === 'scalar' ? found.value : undefined;
}

/** The items of the list at `path`; none where it is no list. */
export function itemsAt(tree: Tree | undefined, ...path: readonly string[]): readonly Tree[] {
  const found = treeAt(tree, ...path);
  return found?.kind === 'list' ? found.items : [];
}
