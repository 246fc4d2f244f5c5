import http from 'node:http';
import { onTestFinished } from 'vitest';
import type { Facts } from '../../src/runbook/facts.ts';

/** Stack → service → state; null: deployed nowhere. */
export type Stacks = Readonly<Record<string, Readonly<Record<string, string>> | null>>;

export interface StackServer {
  stacks: Stacks;
  /** Whether Docker answers, from which it has the services. */
  docker: boolean;
  /** Answers everything with this status, where it is set. */
  status: number | undefined;
  /** Facts of an installation whose API is here. */
  at(facts: Facts, spotChecks: readonly string[]): Facts;
}

/** What dockmesh's API shows of stacks and their services. */
export async function stackServer(stacks: Stacks): Promise<StackServer> {
  let port = 0;
  const shown: StackServer = {
    stacks,
    docker: true,
    status: undefined,
    at: (facts, spotChecks) => ({
      ...facts,
      options: { ...facts.options, spotChecks },
      installation: {
        ...facts.installation,
        scope: { ...facts.installation.scope, env: { DOCKMESH_HTTP_ADDR: `127.0.0.1:${port}` } },
      },
    }),
  };
  const server = http.createServer(({ url = '' }, response) => {
    const away = !shown.docker && url.includes('/status');
    response.writeHead(shown.status ?? (away ? 500 : 200)).end(JSON.stringify(answer(shown, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  ({ port } = server.address() as { port: number });
  return shown;
}

function answer({ stacks, docker }: StackServer, url: string): unknown {
  if (url === '/api/v1/health') return { docker };
  const [, stack] = /^\/api\/v1\/stacks\/([^/]+)\/status/.exec(url) ?? [];
  if (stack !== undefined) return Object.entries(stacks[stack] ?? {}).map(([service, state]) => ({ service, state }));
  return Object.entries(stacks).map(([name, services]) => {
    return services === null ? { name } : { name, deployment: { host_id: 'local' } };
  });
}
