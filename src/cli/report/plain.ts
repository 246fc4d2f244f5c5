/** Text from outside, for a terminal: no control character of it reaches the screen but line ends and tabs. */
export function plain(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '?');
}

/** Wraps at spaces to `width`, each line but the first behind `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? width : width - indent.length;
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}
