import { createHash } from 'node:crypto';

/**
 * JSON whose bytes depend on what it says alone: RFC 8785. Members are ordered by UTF-16 code units, as JavaScript compares
 * texts; numbers and texts are written as JSON.stringify does, which is what the RFC takes them from.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`);
  return `{${members.join(',')}}`;
}

/** The document with its digest, which is over everything else in it. */
export function sealed<T extends object>(document: T): T & { readonly digest: string } {
  return { ...document, digest: digestOf(document) };
}

/** Lower-case hexadecimal SHA-256 of what a document says, but for the digest it gives itself. */
export function digestOf(document: object): string {
  const { digest: _, ...rest } = document as { readonly digest?: unknown };
  return createHash('sha256').update(canonicalJson(rest)).digest('hex');
}
