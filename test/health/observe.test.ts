import http from 'node:http';
import { expect, test } from 'vitest';
import { workshopOf } from '../../src/assemble.ts';
import type { Row } from '../../src/health/baseline.ts';
import { observe } from '../../src/health/observe.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { readIdentity } from '../../src/host/node-host.ts';
import { scratch } from '../host/scratch.ts';
import { listRow, nestedRow, valueRow } from './rows.ts';

type Answers = Readonly<Record<string, readonly [status: number, body: string]>>;

/** What the rows show of a server that answers so; anything else is 404. */
async function seenOf(answers: Answers, rows: readonly Row[], token?: string) {
  const asked: (readonly [string, string | undefined])[] = [];
  const server = http.createServer((request, response) => {
    asked.push([request.url ?? '', request.headers.authorization]);
    const [status, body] = answers[request.url ?? ''] ?? [404, 'not found'];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as { port: number };
    const { host } = await workshopOf(plainEffects, readIdentity(), scratch(), {});
    const here = rows.map((row) => ({ ...row, url: `http://127.0.0.1:${port}${row.url}` }));
    const context = { token, sinceStartMs: undefined, timeoutMs: 2_000 };
    return { asked, rows: (await observe(host, here, context)).rows };
  } finally {
    server.close();
  }
}

test.each<[string, readonly [number, string], string, string]>([
  ['a list', [200, '[]'], 'ok', 'a list of 0'],
  ['too many requests', [429, 'slow down'], 'busy', '429 slow down'],
  ['trouble of its own', [503, 'db unreachable'], 'failing', '503 db unreachable'],
  ['forbidden', [403, 'forbidden\n'], 'unreadable', '403 forbidden'],
  ['not JSON', [200, '<html>'], 'unreadable', '200 <html>'],
  ['another shape', [200, '{}'], 'unreadable', 'no list'],
])('%s', async (_name, answer, state, saw) => {
  const { rows } = await seenOf({ '/x': answer }, [listRow({ url: '/x' })]);
  expect(rows).toEqual([{ name: 'hosts', seen: [{ key: '', state, saw }], cut: false, tookMs: expect.any(Number) }]);
});

test('nobody answers: that is seen, not thrown', async () => {
  const { host } = await workshopOf(plainEffects, readIdentity(), scratch(), {});
  const row = valueRow({ url: 'http://127.0.0.1:1/' });
  const { rows } = await observe(host, [row], { token: undefined, sinceStartMs: undefined, timeoutMs: 1_000 });
  expect(rows[0]?.seen).toEqual([{ key: '', state: 'failing', saw: expect.stringContaining('ECONNREFUSED') }]);
});

test('the token goes only to the rows that need it', async () => {
  const rows = [valueRow({ url: '/open' }), valueRow({ name: 'closed', url: '/closed', token: true })];
  const { asked } = await seenOf({}, rows, 'secret');
  expect([...asked].sort()).toEqual([
    ['/closed', 'Bearer secret'],
    ['/open', undefined],
  ]);
});

test('a list below each element that has one; one that fails hides only its own', async () => {
  const { rows } = await seenOf(
    {
      '/s': [200, '[{"name":"web","on":{"host":"1"}},{"name":"shop","on":{"host":"2"}},{"name":"idle"}]'],
      '/s/web/status?host=1': [200, '[{"service":"app","state":"running"},{"service":"db","state":"exited"}]'],
      '/s/shop/status?host=2': [503, 'agent not connected'],
    },
    [nestedRow({ url: '/s' })],
  );
  expect(rows[0]?.seen).toEqual([
    { key: '', state: 'ok', saw: 'a list of 3' },
    { key: 'web', state: 'ok', saw: 'a list of 2' },
    { key: 'web/app', state: 'ok', saw: 'running' },
    { key: 'web/db', state: 'bad', saw: 'exited' },
    { key: 'shop', state: 'failing', saw: '503 agent not connected' },
  ]);
});

test('of the lists below a row only those are asked for that are wanted', async () => {
  const stacks = JSON.stringify(['web', 'shop'].map((name) => ({ name, on: { host: 'a' } })));
  const { asked, rows } = await seenOf(
    { '/s': [200, stacks], '/s/shop/status?host=a': [200, JSON.stringify([{ service: 'till', state: 'running' }])] },
    [nestedRow({ url: '/s', only: ['shop', 'ghost'] })],
  );
  expect(asked.map(([url]) => url)).toEqual(['/s', '/s/shop/status?host=a']);
  expect(rows[0]?.seen.map(({ key }) => key)).toEqual(['', 'shop', 'shop/till']);
});

test('more than a journal line holds is cut, and said so', async () => {
  const many = JSON.stringify(Array.from({ length: 1_500 }, (_, n) => ({ name: `h${n}`, status: 'online' })));
  const { rows } = await seenOf({ '/x': [200, many] }, [listRow({ url: '/x' })]);
  expect(rows[0]).toMatchObject({ cut: true });
  expect(rows[0]?.seen).toHaveLength(1_001);
});
