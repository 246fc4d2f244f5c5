/** One question, asked and answered (or not): on the clock that all processes of this boot share. */
export interface Sample {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  readonly good: boolean;
}

/** For how long a service was away, as one question tells it. */
export interface Away {
  readonly ms: number;
  /** It may have been so much longer or shorter: nobody asked in between. */
  readonly resolutionMs: number;
}

/** Without a good answer: from the first question that had none to the next that had one. */
interface Spell {
  /** The last question before it that was answered well; undefined where none was yet. */
  readonly before: Sample | undefined;
  readonly first: Sample;
  readonly last: Sample;
  /** The good answer that ended it; undefined while it lasts. */
  readonly end: Sample | undefined;
}

/** What is kept of all samples so far: the edges. */
export interface Track {
  readonly good: Sample | undefined;
  readonly spells: readonly Spell[];
}

export const UNTRACKED: Track = { good: undefined, spells: [] };

/** Samples of one question follow each other: none is asked before the one before it was answered. */
export function follow({ good, spells }: Track, sample: Sample): Track {
  const spell = spells.at(-1);
  const open = spell !== undefined && spell.end === undefined ? spell : undefined;
  if (sample.good) {
    return { good: sample, spells: open === undefined ? spells : [...spells.slice(0, -1), { ...open, end: sample }] };
  }
  return open === undefined
    ? { good, spells: [...spells, { before: good, first: sample, last: sample, end: undefined }] }
    : { good, spells: [...spells.slice(0, -1), { ...open, last: sample }] };
}

/** Whether the last question was answered well. */
export function isGood({ spells }: Track): boolean {
  return spells.at(-1)?.end !== undefined || spells.length === 0;
}

/**
 * How long it was away since it was told to stop, all spells together. Undefined where that cannot be said: it is still away, was
 * already, or was never seen away.
 */
export function awaySince({ spells }: Track, stoppedAtMs: number): Away | undefined {
  const since = spells.filter(({ end }) => end === undefined || end.answeredAtMs > stoppedAtMs);
  let [ms, longer, shorter] = [0, 0, 0];
  for (const { before, first, last, end } of since) {
    if (before === undefined || end === undefined || first.answeredAtMs < stoppedAtMs) return undefined;
    const from = Math.max(first.askedAtMs, stoppedAtMs);
    ms += end.answeredAtMs - from;
    longer += from - Math.max(before.askedAtMs, stoppedAtMs);
    shorter += end.answeredAtMs - last.askedAtMs + (first.answeredAtMs - from);
  }
  return since.length === 0 ? undefined : { ms: Math.round(ms), resolutionMs: Math.ceil(Math.max(longer, shorter)) };
}
