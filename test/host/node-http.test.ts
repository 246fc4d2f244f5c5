import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Effect, plainEffects } from '../../src/host/effects.ts';
import { nodeHttp } from '../../src/host/node-http.ts';
import { cert } from './certificate.ts';
import { httpContract } from './http.contract.ts';
import { serve, serveTls } from './loopback.ts';
import { scratch } from './scratch.ts';

const SMALL = { timeoutMs: 20_000 };

// First: what is trusted once stays trusted in this process.
test('a certificate of an unknown authority is refused, and trusted when its file is named', async () => {
  const origin = await serveTls((_, response) => void response.end('hello'));
  const refused = nodeHttp(plainEffects, { environment: {} }).request(origin, SMALL);
  await expect(refused).rejects.toMatchObject({
    code: 'E_SOURCE_UNREACHABLE',
    hint: expect.stringContaining('ca_file'),
    facts: { errno: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  const caFile = join(scratch(), 'ca.pem');
  const missing = nodeHttp(plainEffects, { environment: {}, caFile }).request(origin, SMALL);
  await expect(missing).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  writeFileSync(caFile, cert);
  const trusted = nodeHttp(plainEffects, { environment: {}, caFile }).request(origin, SMALL);
  expect(await trusted).toMatchObject({ status: 200, body: 'hello' });
});

httpContract('node', (caFile) => nodeHttp(plainEffects, { environment: {}, caFile }));

test('a proxy is asked for other hosts, not for loopback, not for those exempt', async () => {
  const asked: string[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end('by proxy');
  });
  const origin = await serve((_, response) => void response.end('direct'));
  const http = nodeHttp(plainEffects, { environment: { HTTP_PROXY: proxy, NO_PROXY: 'exempt.invalid' } });
  expect(await http.request('http://release.invalid/file', SMALL)).toMatchObject({ body: 'by proxy' });
  expect(asked).toEqual(['http://release.invalid/file']);
  expect(await http.request(origin, SMALL)).toMatchObject({ body: 'direct' });
  await expect(http.request('http://exempt.invalid/', SMALL)).rejects.toMatchObject({ code: 'E_SOURCE_UNREACHABLE' });
});

test('only what may change something is an effect', async () => {
  const origin = await serve((_, response) => void response.end());
  const effects: Effect[] = [];
  const http = nodeHttp(
    {
      run: (effect, act) => {
        effects.push(effect);
        return act(() => undefined);
      },
    },
    { environment: {} },
  );
  for (const method of ['GET', 'PUT', 'POST'] as const) await http.request(`${origin}/a?token=x`, { ...SMALL, method });
  const labels = ['PUT', 'POST'].map((method) => ({ kind: 'request', label: `${method} ${origin}/a` }));
  expect(effects).toEqual(labels);
});
