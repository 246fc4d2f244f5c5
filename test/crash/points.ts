import fs from 'node:fs';
import type { EffectKind } from '../../src/host/effects.ts';
import { type Moment, nameOf, type Spot } from './injection.ts';

/** One effect of a clean run, by its number among them. */
export interface Traced {
  readonly n: number;
  readonly kind: EffectKind;
  readonly spot: Spot;
  readonly middles: number;
}

/** A spot and what happens there. */
export interface Point {
  readonly n: number;
  readonly spot: Spot;
  readonly what:
    | { readonly kill: Moment }
    | {
        readonly fail: { readonly errno: 'ENOSPC' | 'EROFS' | 'EIO'; readonly when: 'before' | 'middle' };
        readonly stays: boolean;
      };
}

type TraceLine =
  | { readonly n: number; readonly kind: EffectKind; readonly label: string }
  | { readonly n: number; readonly middle: number };

/**
 * The effects of a traced worker. Those on the event file come last: they happen beside the others, so their place among them,
 * but not their own order, differs from run to run.
 */
export function readTrace(file: string, prefix: string): readonly Traced[] {
  const lines = fs
    .readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceLine);
  const middles = new Map<number, number>();
  for (const line of lines) if ('middle' in line) middles.set(line.n, line.middle);
  const counts = new Map<string, number>();
  const effects = lines.flatMap((line) => {
    if ('middle' in line) return [];
    const name = nameOf(line.label, prefix);
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return [{ kind: line.kind, spot: { name, nth }, middles: middles.get(line.n) ?? 0 }];
  });
  const ordered = [...effects.filter((effect) => !isEvent(effect)), ...effects.filter(isEvent)];
  return ordered.map((effect, index) => ({ n: index + 1, ...effect }));
}

export function isEvent({ spot }: Pick<Traced, 'spot'>): boolean {
  return spot.name.endsWith('/events.ndjson');
}

/**
 * Every moment at which a worker can die around these effects. After a file has changed and before the next effect the machine
 * is the same, since nothing changes it between effects (completeness.test.ts): that is one moment, not two. What was started
 * or asked goes on by itself meanwhile.
 */
export function killPoints(effects: readonly Traced[]): readonly Point[] {
  return effects.flatMap(({ n, kind, spot, middles }, index) => {
    const inside = Array.from({ length: middles }, (_, nth): Moment => `middle-${nth + 1}`);
    const goesOn = kind === 'process' || kind === 'request' || index === effects.length - 1;
    const moments: readonly Moment[] = [
      'before',
      ...inside,
      ...(kind === 'process' ? (['during'] as const) : []),
      ...(goesOn ? (['after'] as const) : []),
    ];
    return moments.map((kill) => ({ n, spot, what: { kill } }));
  });
}

/** Every way a write or a change can fail. A disk that stays full or read-only is another matter than one that hiccups. */
export function faultPoints(effects: readonly Traced[]): readonly Point[] {
  return effects.flatMap(({ n, kind, spot, middles }) => {
    if (kind !== 'write' && kind !== 'change') return [];
    const whens = middles > 0 ? (['before', 'middle'] as const) : (['before'] as const);
    return whens.flatMap((when) =>
      (['ENOSPC', 'EROFS', 'EIO'] as const).flatMap((errno): readonly Point[] => [
        { n, spot, what: { fail: { errno, when }, stays: false } },
        ...(errno === 'ENOSPC' ? [{ n, spot, what: { fail: { errno, when }, stays: true } } as const] : []),
      ]),
    );
  });
}

/** "117:before", "42:ENOSPC-middle-stays": what --only takes. */
export function idOf({ n, what }: Point): string {
  if ('kill' in what) return `${n}:${what.kill}`;
  const { errno, when } = what.fail;
  return `${n}:${errno}-${when}${what.stays ? '-stays' : ''}`;
}

/** `count` of them, the same each time, spread over the whole. */
export function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (count >= all.length) return all;
  return Array.from(
    { length: Math.floor(count) },
    (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)],
  ).filter((one) => one !== undefined);
}

/** Every `of`th of them, beginning with the `part`th: all parts together are the whole. */
export function partOf<T>(all: readonly T[], part: number, of: number): readonly T[] {
  return all.filter((_, index) => index % of === part - 1);
}
