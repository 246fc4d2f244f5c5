import type { Measure, Report, Side } from './measure.ts';

/** The report for people. */
export function reportText({ bench, notes, measures }: Report): string {
  return [bench, ...notes.map((note) => `  ${note}`), ...measures.flatMap(measureLines), ''].join('\n');
}

function measureLines({ name, target, unit, value, limit, met, sides }: Measure): readonly string[] {
  const width = Math.max(...sides.map(({ what }) => what.length));
  const relation = unit === '%' ? 'at least' : 'at most';
  return [
    '',
    `  ${name}: ${met ? 'met' : 'NOT MET'}: ${shown(value)} ${unit}, ${relation} ${shown(limit)} ${unit} (${target})`,
    ...sides.map((one) => sideLine(one, width, unit === 'MB' ? 'MB' : 'ms')),
  ];
}

function sideLine({ what, samples, median }: Side, width: number, unit: string): string {
  return `    ${what.padEnd(width)}  median ${shown(median)} ${unit}  of ${samples.map(shown).join(' ')}`;
}

/** Three figures say all that a noisy machine can. */
function shown(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
