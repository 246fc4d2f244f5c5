import type { Row, Seen } from './baseline.ts';
import { at, excerpt } from './json.ts';

type ListLike = Exclude<Row, { kind: 'value' }>;

/** How a field reads that is not there: `ok: [none]` asks for its absence. */
const NONE = 'none';

/** One value of a document. Pure. */
export function readValue({ field, ok }: Extract<Row, { kind: 'value' }>, json: unknown): Seen {
  const value = written(at(json, field));
  return { key: '', state: ok.includes(value) ? 'ok' : 'bad', saw: value };
}

/** The elements an answer lists; undefined where it lists none. No list at all is how Go writes an empty one. */
export function elementsOf(path: string | undefined, json: unknown): readonly unknown[] | undefined {
  const list = path === undefined ? json : at(json, path);
  if (list === null) return [];
  return Array.isArray(list) ? list : undefined;
}

/** Elements by name, in order; of several with one name the worst is told. `below`: the key of their parent. Pure. */
export function readElements(row: ListLike, list: readonly unknown[], below = ''): readonly Seen[] {
  const name = row.kind === 'nested' ? row.part : row.key;
  const seen = new Map<string, Seen>();
  for (const element of list) {
    const own = at(element, name);
    if (own === undefined || own === null || own === '') continue;
    const key = below === '' ? keyOf(own) : `${below}/${keyOf(own)}`;
    if (seen.get(key)?.state === 'bad') continue;
    seen.set(key, judge(row, element, key));
  }
  return [...seen.values()];
}

/** A name as a key: one without the "/" that stands between parent and part. */
export function keyOf(value: unknown): string {
  return excerpt(written(value)).replaceAll('/', '_');
}

/** The address of an element's own list; undefined where a field that it names is missing: there is nothing to ask. */
export function addressBelow(url: string, below: string, element: unknown): string | undefined {
  let missing = false;
  const end = below.replace(/:([A-Za-z_][\w.]*)/g, (_all, path: string) => {
    const value = at(element, path);
    if (value === undefined || value === null || value === '') missing = true;
    return encodeURIComponent(String(value));
  });
  return missing ? undefined : `${url}${end}`;
}

function judge({ status, ok, detail }: ListLike, element: unknown, key: string): Seen {
  const value = status === undefined ? 'there' : written(at(element, status));
  const more = detail === undefined ? NONE : written(at(element, detail));
  const saw = more === NONE ? value : `${value} (${more})`;
  return { key, state: status === undefined || ok.includes(value) ? 'ok' : 'bad', saw };
}

function written(value: unknown): string {
  if (value === undefined || value === null) return NONE;
  return excerpt(typeof value === 'object' ? JSON.stringify(value) : String(value));
}
