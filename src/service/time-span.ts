const MILLISECONDS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  month: 2_629_800_000,
  y: 31_557_600_000,
};

/**
 * Milliseconds of a time span as systemctl prints it: `1min 30s`, `500ms`, `0`. `undefined` for `infinity` and for what is no
 * time span: both mean that nothing ends by itself. Source: systemd.time(7).
 */
export function parseTimeSpan(text: string): number | undefined {
  if (text === '0') return 0;
  let total = 0;
  for (const part of text.split(' ')) {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(part) ?? [];
    const factor = MILLISECONDS[unit];
    if (amount === undefined || factor === undefined) return undefined;
    total += Number(amount) * factor;
  }
  return total;
}
