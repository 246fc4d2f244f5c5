/** One thing to compare with how it was before, with everything filled in. Manual: health.baseline of a profile. */
export type Row = RowRules &
  (
    | { readonly kind: 'value'; readonly field: string; readonly ok: readonly string[] }
    | (Elements & { readonly kind: 'list' })
    /** For each element of `url` another list is asked for; its elements are what is judged. */
    | (Elements & {
        readonly kind: 'nested';
        readonly below: string;
        readonly part: string;
        /** Keys of the elements that alone are asked for their list. */
        readonly only?: readonly string[] | undefined;
      })
  );

interface RowRules {
  readonly name: string;
  readonly url: string;
  /** Needs the API token. */
  readonly token: boolean;
  /** No release is to blame where this turns bad. */
  readonly external: boolean;
  /** The row without which this one cannot be held against a release. */
  readonly needs?: string | undefined;
  /** How long it may take to be again what it was, in milliseconds. */
  readonly patienceMs: number;
  /** Says nothing before so many milliseconds of the new version's life. */
  readonly afterMs: number;
}

interface Elements {
  /** Dotted path of the list; the whole body where there is none. */
  readonly path?: string | undefined;
  readonly key: string;
  /** Field of an element; without one its being there is all. */
  readonly status?: string | undefined;
  readonly ok: readonly string[];
  /** Shown beside the status, not judged. */
  readonly detail?: string | undefined;
  /** `no-worse`: what was well before must be there and well. `no-new`: nothing may be bad that was not. */
  readonly expect: 'no-worse' | 'no-new';
  /** Only the first so many are remembered from before. */
  readonly remember?: number | undefined;
}

/** Well or not; or what kept us from seeing it: too many requests, trouble of the server's, no answer that fits the row. */
export type SeenState = 'ok' | 'bad' | 'busy' | 'failing' | 'unreadable';

/** One element, or under the key '' the endpoint itself. What is nested has its parent's key before a "/". */
export type Seen = { readonly key: string; readonly state: SeenState; readonly saw: string };

/** What one row showed. `cut`: there was more than is looked at. */
export type RowSeen = {
  readonly name: string;
  readonly seen: readonly Seen[];
  readonly cut: boolean;
  readonly tookMs: number;
};

/** All rows at one time. Plain data: kept in the journal. */
export type Observation = { readonly rows: readonly RowSeen[] };

/** Something that is not well now, or could not be compared. `key` is '' for the row's endpoint itself. */
export type Trouble = {
  readonly row: string;
  readonly key: string;
  readonly before: string;
  readonly after: string;
};

/** What two observations say of the release between them. */
export type Verdict = {
  /** Well before, not well now: held against the release. */
  readonly worse: readonly Trouble[];
  /** Not well before either. */
  readonly already: readonly Trouble[];
  /** Not well now, and no release is to blame. */
  readonly external: readonly Trouble[];
  /** Not to be told. */
  readonly notSeen: readonly Trouble[];
};
