/** Who lets something pass, and why they said they do. */
export type Authority = { readonly who: string; readonly why: string | null };

/** A finding that stood and was let pass by name: with what was seen, as the journal keeps it. Null: an older refit kept nothing. */
export type Waiver = Authority & {
  readonly code: string;
  readonly measured: string | null;
  readonly limit: string | null;
};
