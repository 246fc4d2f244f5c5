export interface HttpRequest {
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Until the end; where `stallTimeoutMs` is given: until the headers of the response. */
  readonly timeoutMs: number;
  /** No byte of the body for that long: rejects. For what may be fetched over a slow line. */
  readonly stallTimeoutMs?: number;
  /** Rejects with E_TOO_LARGE beyond it. Default 1 MiB. */
  readonly maxBytes?: number;
  readonly stop?: AbortSignal;
  /** Redirects followed by a GET; with 0, the default, a redirect is the result. */
  readonly maxRedirects?: number;
  /** Hosts that a redirect may lead to, `*.` before one for all below it; then all of it is https, but for loopback. */
  readonly redirectsTo?: readonly string[] | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Drops the connection; safe to call twice. */
  close(): Promise<void>;
}

export interface HttpStreamRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the response headers. */
  readonly connectTimeoutMs: number;
  /** No byte for that long: rejects. A whole transfer may take as long as it takes. */
  readonly stallTimeoutMs: number;
  readonly stop?: AbortSignal;
  /** Default 5. */
  readonly maxRedirects?: number;
  /** As of `HttpRequest`. */
  readonly redirectsTo?: readonly string[] | undefined;
}

/** Where to dial. */
export interface TlsDial {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/**
 * HTTP and sockets. A response of any status is a result. Connection refused, reset, time-outs and broken transfers reject
 * with E_SOURCE_UNREACHABLE, the errno in `facts.errno`.
 * Redirects go to http and https only and never from https to http (E_SOURCE_INVALID, as for a URL that is none); credentials
 * do not go to another origin. The system's CA store is trusted beside Node's. Each request has a connection of its own.
 * Proxies (HTTP_PROXY, HTTPS_PROXY, NO_PROXY or refit.yaml) hold for everything but loopback.
 */
export interface Http {
  /** A small request with a bounded body. PUT and POST are numbered effects. */
  request(url: string, options: HttpRequest): Promise<HttpResponse>;
  /** A large body as a stream. */
  stream(url: string, options: HttpStreamRequest): Promise<HttpStream>;
  /** Whether something completes a TLS hello there and what certificate it shows; its chain is not judged. */
  dialTls(
    dial: TlsDial,
  ): Promise<{ readonly subject: string; readonly issuer: string; readonly fingerprint256: string }>;
  /** Whether a TCP connection is accepted; refused, unreachable, unknown and too late are all false. */
  dialTcp(dial: TlsDial): Promise<boolean>;
}
