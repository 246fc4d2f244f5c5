/** Shorter ones are words that stand everywhere: "true", "8080". */
const MIN_SECRET = 6;
const HIDDEN = '[redacted]';
const SECRET_KEY = /secret|token|passw|credential|private|api_?key|jwt|dsn|(?:^|_)(?:key|pass|pwd|auth)$/i;

/** Forms in which a secret is written whoever made it. Source: RFC 7468 (PEM), RFC 6750 (Bearer), RFC 7519 (JWT), RFC 3986 (userinfo). */
const FORMS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=\bBearer\s+)[\w.~+/-]+=*/gi,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /(?<=[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
  /\bAGE-SECRET-KEY-[A-Z0-9]+/g,
  /(?<=\b\w*(?:secret|token|passw(?:or)?d|api_?key|credential)\w*["']?\s*[:=]\s*["']?)[^\s"',;}\]]+/gi,
];

/** Whether a variable of that name holds what nobody else may read. A path to a secret is none. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key) && !/(?:path|file|dir)$/i.test(key);
}

/** What of an environment must not leave this host. */
export function secretsIn(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment)
    .filter(([key, value]) => isSecretKey(key) && value.length >= MIN_SECRET)
    .map(([, value]) => value);
}

/** The text without those secrets and without what looks like one. */
export function redact(text: string, secrets: readonly string[]): string {
  // The longest first: one may be the beginning of another.
  const known = [...secrets].sort((a, b) => b.length - a.length);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return FORMS.reduce((rest, form) => rest.replace(form, HIDDEN), without);
}
