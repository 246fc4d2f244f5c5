import { RefitError } from '../errors.ts';

/** A few sentences. It stands in every report of the run. */
const MAX_LENGTH = 500;
/** Control characters, line ends, and the marks by which a text is shown in another order than it has (CVE-2021-42574). */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Why somebody waives a finding, as `--because` says it: one line that can be shown and logged anywhere. Rejects with E_USAGE. */
export function reasonOf(written: string | undefined): string | undefined {
  const text = written?.trim() ?? '';
  if (text === '') return undefined;
  const saw = UNFIT.test(text)
    ? 'a control character'
    : text.length > MAX_LENGTH
      ? `${text.length} characters`
      : undefined;
  if (saw === undefined) return text;
  throw new RefitError(
    'E_USAGE',
    `Cannot take that --because: saw ${saw}, expected one line of at most ${MAX_LENGTH}`,
    {
      hint: '--because "the disk is grown tonight, OPS-123"',
    },
  );
}
