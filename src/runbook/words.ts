import { DURATION, durationMs, MAX_DURATION_MS } from '../product/duration.ts';

/** Milliseconds of what a person typed ("90s"); undefined for what is no duration, or one of more than a day. */
export function parseDuration(written: string): number | undefined {
  const ms = DURATION.test(written) ? durationMs(written) : Number.POSITIVE_INFINITY;
  return ms <= MAX_DURATION_MS ? ms : undefined;
}

const UNITS = ['', 'K', 'M', 'G'];

/** Bytes of what a person typed ("50M": binary units); undefined for what is no amount, or less than `least`. */
export function parseBytes(written: string, least = 0): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([KMG]?)$/i.exec(written) ?? [];
  const found = Math.floor(Number(amount) * 1024 ** UNITS.indexOf(unit.toUpperCase()));
  return found >= least ? found : undefined;
}

const AGE = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** Milliseconds of an age as a person types it ("36h", "30d", "8w"); undefined for what is none. */
export function parseAge(written: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(written) ?? [];
  return count === undefined ? undefined : Number(count) * AGE[unit as keyof typeof AGE];
}

/** Sizes for people, in binary units: "512 B", "1.5 MiB". */
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(n) / 10));
  const value = n / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** "1 file", "5 files". */
export function fileCount(n: number): string {
  return `${n} ${n === 1 ? 'file' : 'files'}`;
}

/** Durations for people: "85 ms", "1.2 s", "3 min 5 s". */
export function duration(ms: number): string {
  // Rounded before it is split, or 119.8 s would be "1 min 60 s".
  const whole = Math.round(ms);
  if (whole < 1_000) return `${whole} ms`;
  const seconds = Math.round(whole / 1_000);
  if (whole < 59_950) return `${(whole / 1_000).toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long something is going to take, as far as that can be known: "less than a minute", "about 12 min", "about 2 h 54 min". */
export function roughly(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 1) return 'less than a minute';
  return minutes < 60 ? `about ${minutes} min` : `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "--major-target", of the option `majorTarget`. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
