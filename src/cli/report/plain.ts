/** Marks by which text is shown in another order than it has (CVE-2021-42574). */
const REORDERS = '\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069';
const UNFIT = new RegExp(`(?![\\n\\t])[\\p{Cc}${REORDERS}]`, 'gu');

/** Text from outside, for a terminal: no control character of it reaches the screen but line ends and tabs. */
export function plain(text: string): string {
  return text.replace(UNFIT, '?');
}

/** A head, and a text wrapped at spaces behind it to `width` columns; its further lines stand behind `indent` blanks. */
export function wrap(head: string, text: string, width: number, indent = head.length): string {
  const lines: string[] = [];
  let line = head;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && lengthOf(line) + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line].join('\n');
}

/** Of a colour, ours: no other control character gets here. Source: ECMA-48, SGR. */
const COLOUR = /\p{Cc}\[[\d;]*m/gu;

/** As it is seen: colours take no room. */
function lengthOf(line: string): number {
  return line.replace(COLOUR, '').length;
}
