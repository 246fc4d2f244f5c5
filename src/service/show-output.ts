/** What `systemctl show` printed: a property that is a list of structures comes as one line each. */
export type Properties = ReadonlyMap<string, readonly string[]>;

const PROPERTY = /^([A-Z][A-Za-z0-9]*)=(.*)$/s;

/** A line that starts no property belongs to the one before: arguments in ExecStart may hold line breaks. */
export function parseShow(text: string): Properties {
  const properties = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, name, value] = PROPERTY.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      const last = current.pop();
      if (last !== undefined) current.push(`${last}\n${line}`);
      continue;
    }
    current = properties.get(name) ?? [];
    current.push(value);
    properties.set(name, current);
  }
  return properties;
}

/** The only value of a property; empty where it is unset or not known to this systemd. */
export const one = (properties: Properties, name: string): string => properties.get(name)?.[0] ?? '';

/** As `one`, where nothing is nothing. */
export const optional = (properties: Properties, name: string): string | undefined =>
  one(properties, name) || undefined;

/** A whole number; `undefined` where it is unset. */
export function integer(properties: Properties, name: string): number | undefined {
  const text = one(properties, name);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** A list of names without spaces: units, drop-ins. */
export const words = (properties: Properties, name: string): readonly string[] =>
  one(properties, name)
    .split(' ')
    .filter((word) => word !== '');
