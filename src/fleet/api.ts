import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { HttpRequest, HttpResponse } from '../host/http.ts';
import type { Fleet, Policy, PolicyApi } from './fleet.ts';

const TIMEOUT_MS = 15_000;
const LOOK = "Look at the server's log, then type the command again";

/** The fleet through the product's HTTP API. */
export function apiFleet(host: Pick<Host, 'http'>): Fleet {
  const readPolicy = async (api: PolicyApi, token: string): Promise<Policy> => {
    const answer = await call(host, 'GET', api.url, token);
    const mode = isObject(answer) ? answer[api.field] : undefined;
    if (!isObject(answer) || typeof mode !== 'string') throw unexpected(api.url, `no text in "${api.field}"`);
    const carried = [api.field, ...api.keep].flatMap((key) => {
      const value = answer[key];
      const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return plain ? [[key, value] as const] : [];
    });
    return { mode, body: Object.fromEntries(carried) };
  };
  return {
    readPolicy,
    async writePolicy(api, token, body) {
      await call(host, 'PUT', api.url, token, JSON.stringify(body));
      const { mode } = await readPolicy(api, token);
      if (mode !== body[api.field]) throw unexpected(api.url, `"${api.field}" is still "${mode}"`);
    },
    async architectures({ url, archField }, token) {
      const answer = await call(host, 'GET', url, token);
      if (!Array.isArray(answer)) throw unexpected(url, 'no list');
      const names = answer.flatMap((agent: unknown) => {
        const arch = isObject(agent) ? agent[archField] : undefined;
        return typeof arch === 'string' && arch !== '' ? [arch] : [];
      });
      return [...new Set(names)].sort();
    },
  };
}

async function call(
  host: Pick<Host, 'http'>,
  method: 'GET' | 'PUT',
  url: string,
  token: string,
  body?: string,
): Promise<unknown> {
  const response = await answered(host, method, url, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  if (response.status === 401 || response.status === 403) {
    throw new RefitError('E_API_FAILED', `Cannot ${method} ${url}: saw ${response.status}, the token is not accepted`, {
      hint: 'Give --token-file a token whose role may manage agents: refit doctor names the permissions',
      facts: { status: response.status },
    });
  }
  if (response.status < 200 || response.status > 299) throw unexpected(url, `status ${response.status}`);
  try {
    return response.body === '' ? null : (JSON.parse(response.body) as unknown);
  } catch (cause) {
    throw unexpected(url, 'no JSON', cause);
  }
}

/** An answer of any status. The http room speaks of sources of releases; what failed here is the server itself. */
async function answered(
  host: Pick<Host, 'http'>,
  method: 'GET' | 'PUT',
  url: string,
  options: Omit<HttpRequest, 'method' | 'timeoutMs'>,
): Promise<HttpResponse> {
  try {
    return await host.http.request(url, { ...options, method, timeoutMs: TIMEOUT_MS });
  } catch (cause) {
    if (!(cause instanceof RefitError)) throw cause;
    const { errno } = cause.facts;
    const saw = errno === undefined ? cause.message : `saw ${errno}, expected an answer`;
    throw new RefitError('E_API_FAILED', `Cannot ${method} ${url}: ${saw}`, {
      hint: cause.hint ?? LOOK,
      facts: cause.facts,
      cause,
    });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unexpected(url: string, saw: string, cause?: unknown): RefitError {
  return new RefitError('E_API_FAILED', `Cannot use the API at ${url}: saw ${saw}`, {
    hint: LOOK,
    cause,
  });
}
