/** What the rules of a vendor say about one version following another. Shapes are those of a profile's `upgrades`. */
export type Policy =
  /** Newer minors and patches follow directly; another major wants consent. */
  | { readonly name: 'semver-drop-in'; readonly allowMajor: boolean }
  /** Docker Trusted Registry: patches skip freely, minors and majors one at a time. */
  | {
      readonly name: 'one-minor-at-a-time';
      /** What of the next major may be gone to: any patch of its earliest minor, or only its first. */
      readonly majorTarget: 'any-patch' | 'first-patch';
      /** What of the old major may be left from, besides its newest release: anything, though not by preference, or nothing. */
      readonly majorSource: 'any' | 'newest';
    }
  /** bilbycast: a floor, nothing of another major, and back by so many minors. */
  | { readonly name: 'window'; readonly floor: string | undefined; readonly grace: number }
  /** No rule is known. */
  | { readonly name: 'none' };

export type PolicyName = Policy['name'];

export const POLICY_NAMES = ['semver-drop-in', 'one-minor-at-a-time', 'window', 'none'] as const satisfies PolicyName[];

/** What kind of step it is, or why it is none. Stable: scripts read it. */
export type Kind =
  | 'same-version'
  | 'resume'
  | 'mixed-cluster'
  | 'patch'
  | 'patch-skip'
  | 'patch-back'
  | 'minor'
  | 'minor-skip'
  | 'minor-back'
  | 'skip-minor'
  | 'major'
  | 'major-any-patch'
  | 'major-from-old'
  | 'major-skip-minor'
  | 'skip-major'
  | 'from-prerelease'
  | 'to-prerelease'
  | 'build'
  | 'downgrade'
  | 'minor-downgrade'
  | 'major-downgrade'
  | 'below-floor'
  | 'beyond-grace'
  | 'other-major'
  | 'not-in-catalogue'
  | 'advisory'
  | 'migration-required'
  | 'unknown-order';

/** What a policy says of one edge. */
export interface Edge {
  readonly allowed: boolean;
  readonly kind: Kind;
  /** One line for people. */
  readonly reason: string;
  /** Allowed, and yet a way around it is better. */
  readonly discouraged?: true;
}

export const yes = (kind: Kind, reason: string): Edge => ({ allowed: true, kind, reason });
export const no = (kind: Kind, reason: string): Edge => ({ allowed: false, kind, reason });
