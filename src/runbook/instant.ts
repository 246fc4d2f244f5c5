/** What a person typed as a time: an instant, or why it is none. */
export type Instant = { readonly at: Date } | { readonly problem: string };

/** An instant so far off is a mistyped one; and while a run waits for it, no other can begin. */
const MAX_AHEAD_MS = 31 * 86_400_000;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?$/;
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** By how much clocks are set back, where they are: by an hour, on Lord Howe by half of one, once by two. */
const SET_BACK_MS = [30, 60, 120].map((minutes) => minutes * 60_000);

/**
 * ISO 8601 with its zone, or HH:MM in the zone of this process: the next such time after `after`. What is past, or may mean two
 * instants, is refused: a service that is stopped at the wrong hour is worse than a command typed again. Pure but for the zone.
 */
export function parseInstant(
  written: string,
  { now, after = now }: { readonly now: Date; readonly after?: Date },
): Instant {
  const parsed = TIME_OF_DAY.test(written) ? nextTimeOfDay(written, after) : parseIso(written);
  if ('problem' in parsed) return parsed;
  if (parsed.at.getTime() <= now.getTime()) return { problem: `which is past: it is ${now.toISOString()} now` };
  const isFar = parsed.at.getTime() - now.getTime() > MAX_AHEAD_MS;
  return isFar ? { problem: 'which is more than 31 days ahead' } : parsed;
}

function parseIso(written: string): Instant {
  const [, year, month, day, hour, minute, second = '00', zone] = ISO.exec(written) ?? [];
  if (year === undefined) return { problem: 'expected 2026-01-31T02:00:00Z, or 02:00' };
  if (zone === undefined) return { problem: 'which may mean any zone: add Z or +01:00' };
  // Date makes the 2nd of March of the 30th of February.
  const local = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const isReal =
    !Number.isNaN(local.getTime()) &&
    local.toISOString() === `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const at = new Date(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return isReal && !Number.isNaN(at.getTime()) ? { at } : { problem: 'which is no time of any day' };
}

function nextTimeOfDay(written: string, after: Date): Instant {
  const today = timeOfDayOn(written, after, 0);
  return 'at' in today && today.at.getTime() <= after.getTime() ? timeOfDayOn(written, after, 1) : today;
}

/** Of the day of `after`, or so many days later. */
function timeOfDayOn(written: string, after: Date, days: number): Instant {
  const [hour = 0, minute = 0] = written.split(':').map(Number);
  const at = new Date(after.getFullYear(), after.getMonth(), after.getDate() + days, hour, minute);
  if (timeOfDay(at) !== written)
    return { problem: `which does not come on ${at.toDateString()}: the clock is set ahead` };
  const twin = SET_BACK_MS.flatMap((ms) => [at.getTime() - ms, at.getTime() + ms]).find(
    (other) => timeOfDay(new Date(other)) === written,
  );
  return twin === undefined
    ? { at }
    : { problem: `which comes twice on ${at.toDateString()}, as the clock is set back: give it with its zone` };
}

/** "02:00", in the zone of this process. */
export function timeOfDay(at: Date): string {
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}
