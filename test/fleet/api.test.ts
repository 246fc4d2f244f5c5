import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { apiFleet } from '../../src/fleet/api.ts';
import { realHost } from '../data/workbench.ts';

const TOKEN = 'dmt_secret';
const fleet = apiFleet(realHost());

async function serving(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/policy`;
}

const policyAt = (url: string) => ({ url, field: 'mode', safe: 'manual', keep: ['percent'] });

test('the mode is read with what travels along, set, and read back', async () => {
  let policy: Record<string, unknown> = { mode: 'staged', percent: 20, other: true };
  const url = await serving((request, response) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end();
    if (request.method === 'GET') return response.end(JSON.stringify(policy));
    return request.on('data', (body) => {
      policy = JSON.parse(String(body)) as typeof policy;
      response.end();
    });
  });
  const read = await fleet.readPolicy(policyAt(url), TOKEN);
  expect(read).toEqual({ mode: 'staged', body: { mode: 'staged', percent: 20 } });
  await fleet.writePolicy(policyAt(url), TOKEN, { ...read.body, mode: 'manual' });
  expect(policy).toEqual({ mode: 'manual', percent: 20 });
  await expect(fleet.readPolicy(policyAt(url), 'wrong')).rejects.toMatchObject({ code: 'E_API_FAILED' });
});

test.each<[string, http.RequestListener, string]>([
  ['hangs up', (request) => request.socket.destroy(), 'expected an answer'],
  ['answers without end', (_request, response) => response.end('x'.repeat(2 ** 20 + 1)), 'expected at most'],
  ['answers with an error', (_request, response) => response.writeHead(500).end(), 'saw status 500'],
  ['answers no JSON', (_request, response) => response.end('<html>'), 'saw no JSON'],
  ['answers something else', (_request, response) => response.end('{}'), 'saw no text in "mode"'],
])('a server that %s is named, and what to do; its token is not', async (_name, answer, saw) => {
  const url = await serving(answer);
  const error = await fleet.readPolicy(policyAt(url), TOKEN).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'E_API_FAILED', hint: expect.stringMatching(/./) });
  expect(String(error)).toContain(url);
  expect(String(error)).toContain(saw);
  expect(JSON.stringify(error) + String(error)).not.toContain(TOKEN);
});

test('so is one that is not there', async () => {
  const url = 'http://127.0.0.1:1/agents';
  await expect(fleet.architectures({ url, archField: 'arch' }, TOKEN)).rejects.toMatchObject({
    code: 'E_API_FAILED',
    message: `Cannot GET ${url}: saw ECONNREFUSED, expected an answer`,
    facts: { errno: 'ECONNREFUSED' },
  });
});
