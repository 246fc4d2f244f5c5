import semverValidRange from 'semver/ranges/valid.js';

/** Whether a text is a range. semver reads "" as "any": who leaves it empty meant something else. */
export function isRange(text: string): boolean {
  return text.trim() !== '' && semverValidRange(text) !== null;
}
