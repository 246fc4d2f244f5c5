import fs from 'node:fs';
import path from 'node:path';
import type { Effect } from '../../../src/host/effects.ts';

interface Line {
  readonly type: string;
  readonly step?: number;
  readonly plan?: { readonly hops: readonly { readonly steps: readonly { readonly kind: string }[] }[] };
}

/** "step.end swap-files": the record that this effect, which is done, has put into a journal; undefined if it was none. */
export function recordWritten({ kind, label }: Effect): string | undefined {
  const [, journal] = /(\/\S*\/journal\.jsonl)$/.exec(label) ?? [];
  if (kind !== 'write' || journal === undefined) return undefined;
  const lines = fs.readFileSync(journal, 'utf8').trimEnd().split('\n');
  const [first, last] = [lines.at(0), lines.at(-1)].map((line) => JSON.parse(line ?? '') as Line);
  const kinds = first?.plan?.hops.flatMap(({ steps }) => steps.map((step) => step.kind)) ?? [];
  return last?.step === undefined ? (last?.type ?? '') : `${last.type} ${kinds[last.step]}`;
}

/** The scene's directory of a worker with this command line; undefined for any other process. */
export function workersDirectory([, , verb, request]: readonly string[]): string | undefined {
  // <directory>/prefix/var/refit/sample/runs/<run>/request-….json
  return verb === 'worker' && request !== undefined ? path.resolve(request, '../../../../../../..') : undefined;
}
