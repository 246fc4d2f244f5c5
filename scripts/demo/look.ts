import { ask } from '../install-sample.mjs';

/** What a user of the server sees of it. */
export interface Look {
  /** What it says of itself; undefined where nobody answers. */
  readonly version: string | undefined;
  /** The visits its database holds, a text each. */
  readonly data: readonly string[];
}

export async function look({ url }: { readonly url: string }): Promise<Look> {
  const health = await ask(`${url}/api/v1/health`);
  const visits = await ask(`${url}/api/v1/sample/visits`);
  if (health?.status !== 200 || visits?.status !== 200) return { version: undefined, data: [] };
  const { version } = JSON.parse(health.body) as { readonly version: string };
  const rows = JSON.parse(visits.body) as readonly {
    readonly ts: string;
    readonly kind: string;
    readonly note: string;
  }[];
  return { version, data: rows.map(({ ts, kind, note }) => `${ts} ${kind} ${note}`) };
}
