/** How a product's API tells and sets who upgrades its agents. From the profile, templates expanded. */
export interface PolicyApi {
  readonly url: string;
  /** JSON field of the mode. */
  readonly field: string;
  /** The mode in which the server leaves its agents alone. */
  readonly safe: string;
  /** Fields of the answer that a change must carry along. */
  readonly keep: readonly string[];
}

/** The policy as read: the mode and the fields that travel with it. */
export interface Policy {
  readonly mode: string;
  readonly body: Readonly<Record<string, string | number | boolean>>;
}

/**
 * The product's own agents, through its API. Rejects with E_API_FAILED, naming URL, status and what is needed, for anything
 * but a proper answer; a token is never part of a message.
 */
export interface Fleet {
  readPolicy(api: PolicyApi, token: string): Promise<Policy>;
  /** Sets the mode and reads it back: resolves only if the server says so itself. */
  writePolicy(api: PolicyApi, token: string, body: Policy['body']): Promise<void>;
  /** Each agent's architecture as Go names it, without duplicates. */
  architectures(list: { readonly url: string; readonly archField: string }, token: string): Promise<readonly string[]>;
}
