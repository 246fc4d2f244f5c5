export interface MirrorRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export interface Mirror {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  /** Every request that was answered to its end, in order. */
  readonly requests: readonly MirrorRequest[];
  /** Replaces the faults, from the next request on. */
  setFaults(faults: readonly string[]): void;
  close(): Promise<void>;
}

export interface MirrorOptions {
  /** 0 (default) takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /**
   * `KIND[*TIMES][@PATH]`: the kind, how often (always, by default), the end of the paths it meets (all, by default).
   * Kinds: 429 (Retry-After: 1), 403, 404, 500, 503, html, reset (half, then RST), short (half, as if that were all), endless,
   * corrupt, stall, slow, no-range, new-etag (If-Range never matches).
   */
  readonly faults?: readonly string[];
}

/** A mirror of what `buildReleases` wrote; Range, If-Range, ETag, GitHub's API paths and its redirect to downloads. */
export function serveReleases(dir: string, options?: MirrorOptions): Promise<Mirror>;
