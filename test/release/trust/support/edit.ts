import type { Json } from '../../../../src/release/trust/strict-json.ts';

/** The same JSON with another value at a path ("a.b.0.c"); undefined takes the field away. */
export function edit(json: Json, path: string, change: (old: Json) => Json | undefined): Json {
  const [key = '', ...rest] = path.split('.');
  const fields = json as { readonly [key: string]: Json };
  const old = fields[key];
  if (old === undefined && rest.length > 0) throw new Error(`no ${key} to change`);
  const value = rest.length === 0 ? change(old ?? null) : edit(old ?? null, rest.join('.'), change);
  if (Array.isArray(json)) return json.map((each, index) => (String(index) === key ? (value ?? null) : each));
  return Object.fromEntries([
    ...Object.entries(fields).filter(([name]) => name !== key),
    ...(value === undefined ? [] : [[key, value]]),
  ]);
}

/** What stands at a path. */
export function at(json: Json, path: string): Json {
  return path.split('.').reduce<Json>((value, key) => {
    const next = (value as { readonly [key: string]: Json })[key];
    if (next === undefined) throw new Error(`no ${key} in ${path}`);
    return next;
  }, json);
}

/** Base64 of the same bytes with one of them changed. */
export function flipped(base64: Json, index = 0): string {
  const bytes = Buffer.from(String(base64), 'base64');
  bytes.writeUInt8((bytes.at(index) ?? 0) ^ 1, index < 0 ? bytes.length + index : index);
  return bytes.toString('base64');
}
