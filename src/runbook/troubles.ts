import type { Trouble } from '../health/baseline.ts';

/** "hosts web-2: online -> offline", some of them. */
export function troubleText(troubles: readonly Trouble[], most = 5): string {
  const told = troubles.slice(0, most).map(({ row, key, before, after }) => {
    return `${key === '' ? row : `${row} ${key}`}: ${before} -> ${after}`;
  });
  const rest = troubles.length - told.length;
  return [...told, ...(rest === 0 ? [] : [`${rest} more`])].join('; ');
}
