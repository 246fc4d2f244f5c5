/**
 * Standard base64 with its padding, and nothing else: undefined otherwise. Buffer.from skips what it does not know, so that
 * many texts are one value and a damaged one passes.
 */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
