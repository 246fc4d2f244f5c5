import type { Observation, Row, Verdict } from './baseline.ts';

/** A GET, with everything filled in. */
export interface HttpQuestion {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  readonly status: number;
  /** The whole body, surrounding white space ignored. */
  readonly body?: string | undefined;
  readonly contains?: string | undefined;
  /** Dotted path → what must stand there. */
  readonly json?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Dotted path of the seconds since the service started; must be less than the seconds since our own start. */
  readonly uptime?: string | undefined;
  /** Needs the API token. */
  readonly token?: boolean | undefined;
}

/** One question to a running service, with everything filled in. Templates were expanded by whoever asks. */
export type Question =
  | HttpQuestion
  | { readonly kind: 'tls' | 'tcp'; readonly name: string; readonly host: string; readonly port: number }
  /** A file the service hands out is the one that was staged. */
  | {
      readonly kind: 'served';
      readonly name: string;
      readonly url: string;
      readonly sha256: string;
      readonly maxBytes: number;
    };

export interface Answer {
  readonly name: string;
  readonly healthy: boolean;
  /** What was seen, in a few words: "503 db unreachable". */
  readonly saw: string;
  /** It was too many requests (429): says nothing of the server's health. */
  readonly busy?: boolean | undefined;
}

/** What an asker may use. */
export interface AskContext {
  readonly token: string | undefined;
  /** Milliseconds since the service was started by us: an answer that claims a longer uptime is another server's. */
  readonly sinceStartMs: number | undefined;
  readonly timeoutMs: number;
  readonly stop?: AbortSignal | undefined;
}

/** Asks one question once. A refused connection is an answer too: unhealthy. Retrying is the caller's business. */
export interface Health {
  ask(question: Question, context: AskContext): Promise<Answer>;
  /** How everything is that is to be compared: bounded, and what cannot be asked is seen as such, not thrown. */
  observe(rows: readonly Row[], context: AskContext): Promise<Observation>;
  /** As much of an observation as its rows want to be kept until a later one. Pure. */
  remembered(rows: readonly Row[], observation: Observation): Observation;
  /** Holds what is against what was. Pure. */
  compare(rows: readonly Row[], before: Observation, after: Observation): Verdict;
}
