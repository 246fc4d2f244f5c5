import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Observation, Row, RowSeen, Seen, SeenState } from './baseline.ts';
import type { AskContext } from './health.ts';
import { at, excerpt, parseJson } from './json.ts';
import { addressBelow, elementsOf, keyOf, readElements, readValue } from './read-row.ts';

type Door = Pick<Host, 'http' | 'clock'>;
type Nested = Extract<Row, { kind: 'nested' }>;

/** Looked at of one row: a journal line has to hold them. */
const MAX_ELEMENTS = 1_000;
const MAX_BYTES = 8 * 2 ** 20;
/** For all lists below one row: a host that is away takes seconds to say so, and there may be many of them. */
const NESTED_MS = 30_000;

/** Asks every row once, side by side. What cannot be asked is seen as such; nothing of it is thrown. */
export async function observe(door: Door, rows: readonly Row[], context: AskContext): Promise<Observation> {
  return { rows: await Promise.all(rows.map((row) => observeRow(door, row, context))) };
}

async function observeRow(door: Door, row: Row, context: AskContext): Promise<RowSeen> {
  const begun = door.clock.monotonic();
  const { seen, cut } = await look(door, row, context);
  const bounded = seen.slice(0, MAX_ELEMENTS + 1);
  const tookMs = Math.round(door.clock.monotonic() - begun);
  return { name: row.name, seen: bounded, cut: cut || bounded.length < seen.length, tookMs };
}

type Look = { readonly seen: readonly Seen[]; readonly cut: boolean };

async function look(door: Door, row: Row, context: AskContext): Promise<Look> {
  const answer = await get(door, row, row.url, context);
  if ('state' in answer) return { seen: [{ key: '', ...answer }], cut: false };
  if (row.kind === 'value') return { seen: [readValue(row, answer.json)], cut: false };
  const list = elementsOf(row.path, answer.json);
  if (list === undefined) return { seen: [{ key: '', state: 'unreadable', saw: 'no list' }], cut: false };
  const own = counted('', list);
  if (row.kind === 'list') return { seen: [own, ...readElements(row, list)], cut: false };
  const below = await lookBelow(door, row, list, context);
  return { ...below, seen: [own, ...below.seen] };
}

async function lookBelow(door: Door, row: Nested, list: readonly unknown[], context: AskContext): Promise<Look> {
  const end = door.clock.monotonic() + NESTED_MS;
  const seen: Seen[] = [];
  for (const element of list) {
    const key = keyOf(at(element, row.key));
    if (row.only !== undefined && !row.only.includes(key)) continue;
    const url = addressBelow(row.url, row.below, element);
    if (url === undefined) continue;
    if (seen.length > MAX_ELEMENTS || door.clock.monotonic() > end) return { seen, cut: true };
    const answer = await get(door, row, url, context);
    const parts = 'state' in answer ? undefined : elementsOf(undefined, answer.json);
    if (parts !== undefined) seen.push(counted(key, parts), ...readElements(row, parts, key));
    else if ('state' in answer) seen.push({ key, ...answer });
    else seen.push({ key, state: 'unreadable', saw: 'no list' });
  }
  return { seen, cut: false };
}

function counted(key: string, { length }: readonly unknown[]): Seen {
  return { key, state: 'ok', saw: `a list of ${length}` };
}

type Answer = { readonly json: unknown } | { readonly state: SeenState; readonly saw: string };

async function get({ http }: Door, row: Row, url: string, { token, timeoutMs, stop }: AskContext): Promise<Answer> {
  const headers = row.token && token !== undefined ? { authorization: `Bearer ${token}` } : {};
  try {
    const options = { headers, timeoutMs, maxBytes: MAX_BYTES, ...(stop === undefined ? {} : { stop }) };
    const { status, body } = await http.request(url, options);
    const json = status >= 200 && status <= 299 ? parseJson(body) : undefined;
    return json === undefined ? { state: stateOf(status), saw: `${status} ${excerpt(body)}`.trim() } : { json };
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    const { errno } = error.facts;
    const state = error.code === 'E_SOURCE_UNREACHABLE' ? 'failing' : 'unreadable';
    return { state, saw: excerpt(errno === undefined ? error.message : String(errno)) };
  }
}

/** A page that moved or is forbidden says nothing of the server's health; one that broke does. */
function stateOf(status: number): SeenState {
  if (status === 429) return 'busy';
  return status >= 500 ? 'failing' : 'unreadable';
}
