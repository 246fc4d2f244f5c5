const MAX_LINES = 20;
const MAX_LENGTH = 300;

const ASKS =
  /\b(breaking|migrat\w*|manual(ly)?|deprecat\w*|incompatib\w*|actions? (is |are )?required|before (you )?(upgrad|updat)\w*|no longer)\b/i;

/**
 * The lines that a person must not miss: those that say so, and all below a heading that does. A guess in favour of showing:
 * a line too many costs a glance. Plain lines, without the marks of their list.
 */
export function actionLines(text: string): readonly string[] {
  const found = new Set<string>();
  let below: number | undefined;
  for (const line of text.split('\n')) {
    if (found.size >= MAX_LINES) break;
    const level = /^ {0,3}(#{1,6})\s/.exec(line)?.[1]?.length;
    if (level !== undefined) {
      if (below === undefined || level <= below) below = ASKS.test(line) ? level : undefined;
      continue;
    }
    const said = line.trim().replace(/^([-*+]|\d{1,3}[.)])\s+/, '');
    const isText = /\p{L}/u.test(said) && !said.startsWith('<!--');
    if (isText && (below !== undefined || ASKS.test(said))) found.add(shortened(said));
  }
  return [...found];
}

function shortened(line: string): string {
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH).toWellFormed()}…` : line;
}
