import type { Dispatcher } from 'undici';
import { trustSystem } from './certificates.ts';
import { isLoopback, proxiesIn } from './proxy.ts';

/** What lies between us and a source. Source: the environment, overridden by refit.yaml. */
export interface NetworkOptions {
  /** Of it http_proxy, https_proxy and no_proxy are read, in lower or upper case. */
  readonly environment: Readonly<Record<string, string>>;
  /** A PEM file of certificates trusted beside the system's. */
  readonly caFile?: string | undefined;
}

/** Longer than any deadline of ours: those are kept by the request. */
const CONNECT_MS = 600_000;

/** Which way a request takes. Nothing is loaded or opened before the first one. */
export class Network {
  readonly #options: NetworkOptions;
  #direct: Promise<Dispatcher> | undefined;
  #proxied: Promise<Dispatcher> | undefined;
  #trusted: Promise<void> | undefined;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  async dispatcher(url: URL): Promise<Dispatcher> {
    if (url.protocol === 'https:') await this.#trust();
    if (isLoopback(url.hostname)) {
      this.#direct ??= this.#connect({ httpProxy: '', httpsProxy: '', noProxy: '' });
      return this.#direct;
    }
    this.#proxied ??= this.#connect(proxiesIn(this.#options.environment));
    return this.#proxied;
  }

  #trust(): Promise<void> {
    this.#trusted ??= trustSystem(this.#options.caFile);
    return this.#trusted;
  }

  /** One connection per request (`pipelining: 0`): one kept from before a restart would answer a health question with a reset. */
  async #connect(proxies: ReturnType<typeof proxiesIn>): Promise<Dispatcher> {
    const { EnvHttpProxyAgent } = await import('undici');
    return new EnvHttpProxyAgent({ ...proxies, pipelining: 0, allowH2: false, connect: { timeout: CONNECT_MS } });
  }
}
