import type { Refuse } from './refusal.ts';

const MAX_LENGTH = 2048;
/** The last part names a file on our disk. */
const PLAIN = /^https:\/\/[a-z0-9.-]+(?:\/[A-Za-z0-9._~+-]+)*\/[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/**
 * Only https, on the standard port, on exactly one of the hosts, and nobody's password: `https://github.com@evil.com/` and
 * `https://github.com.evil.com/` are other hosts to whoever asks them, and begin like the right one to whoever reads.
 */
export function requireArtefactUrl(text: string, hosts: readonly string[], refuse: Refuse): void {
  const expected = `an https URL on ${hosts.join(', ')}`;
  const shown = JSON.stringify(text.slice(0, 200));
  if (text.length > MAX_LENGTH) throw refuse(`a URL of ${text.length} characters`, `at most ${MAX_LENGTH}`);
  const url = URL.parse(text);
  // What a parser would mend is refused: `https:\\github.com\@evil.com` means one host here and another elsewhere.
  if (url !== null && url.href === text && PLAIN.test(text) && hosts.includes(url.hostname)) return;
  throw refuse(`the URL ${shown}`, expected);
}
