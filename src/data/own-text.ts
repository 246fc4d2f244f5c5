/** The same text, in memory of its own: a piece cut out of a larger one keeps all of it. For ASCII, as escaped names are. */
export function ownText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
