/** Text from outside, for a terminal: no control character of it reaches the screen but line ends and tabs. */
export function plain(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '?');
}

/** A head, and a text wrapped at spaces behind it to `width` columns; its further lines stand behind `indent` blanks. */
export function wrap(head: string, text: string, width: number, indent = head.length): string {
  const lines: string[] = [];
  let line = head;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line].join('\n');
}
