/** Marks by which text is shown in another order than it has, and the two line ends that are no line feed. */
const REORDERS = '\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029';
const UNFIT = new RegExp(`(?![\\n\\t])[\\p{Cc}${REORDERS}]`, 'gu');

/**
 * Text from outside that a terminal may show: no escape sequence, no other control character of C0 or C1 but tab and line
 * feed, nothing that turns the order of what is read (CVE-2021-42574).
 */
export function neutral(text: string): string {
  return text.toWellFormed().replaceAll('\r\n', '\n').replace(UNFIT, '?');
}
