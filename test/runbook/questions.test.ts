import { expect, test } from 'vitest';
import type { Facts } from '../../src/runbook/facts.ts';
import { allQuestions, answersQuestion, asksStable, scopeOf } from '../../src/runbook/questions.ts';
import { builtin, dockmeshFacts, plannedFile } from './facts.ts';

const AGENT = '/usr/local/share/dockmesh/bin/dockmesh-agent-linux-amd64';
const EXPECTED = { version: 'v0.2.13', commit: '7448720', digests: new Map([[AGENT, 'a'.repeat(64)]]) };

async function facts(env: Readonly<Record<string, string>> = {}): Promise<Facts> {
  const bare = await dockmeshFacts({
    files: [
      plannedFile(AGENT, { servedAs: '/install/dockmesh-agent-linux-amd64' }),
      plannedFile('/usr/local/bin/dmctl'),
    ],
  });
  const { installation } = bare;
  const { scope } = installation;
  return { ...bare, installation: { ...installation, scope: { ...scope, env: { ...scope.env, ...env } } } };
}

test('with a token every probe of dockmesh is asked, filled in', async () => {
  expect(allQuestions(await facts(), EXPECTED, true)).toMatchInlineSnapshot(`
    [
      {
        "body": "ready",
        "contains": undefined,
        "json": undefined,
        "kind": "http",
        "name": "ready",
        "status": 200,
        "token": false,
        "uptime": undefined,
        "url": "http://127.0.0.1:8080/healthz/ready",
      },
      {
        "body": undefined,
        "contains": undefined,
        "json": {
          "status": "ok",
          "version": "v0.2.13",
        },
        "kind": "http",
        "name": "version",
        "status": 200,
        "token": false,
        "uptime": undefined,
        "url": "http://127.0.0.1:8080/api/v1/health",
      },
      {
        "body": undefined,
        "contains": undefined,
        "json": {
          "commit": "7448720",
          "version": "v0.2.13",
        },
        "kind": "http",
        "name": "commit",
        "status": 200,
        "token": true,
        "uptime": "uptime_seconds",
        "url": "http://127.0.0.1:8080/api/v1/system/info",
      },
      {
        "host": "127.0.0.1",
        "kind": "tls",
        "name": "agent-port",
        "port": 8443,
      },
      {
        "body": undefined,
        "contains": "<html",
        "json": undefined,
        "kind": "http",
        "name": "app",
        "status": 200,
        "token": false,
        "uptime": undefined,
        "url": "http://127.0.0.1:8080/",
      },
      {
        "kind": "served",
        "maxBytes": 134217728,
        "name": "agent-download /install/dockmesh-agent-linux-amd64",
        "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "url": "http://127.0.0.1:8080/install/dockmesh-agent-linux-amd64",
      },
    ]
  `);
});

test.each<[string, boolean, string | undefined, readonly string[]]>([
  ['without a token those that need one are left out', false, '7448720', ['ready', 'version', 'agent-port', 'app']],
  ['an unknown commit is not asked for', true, undefined, ['ready', 'version', 'commit', 'agent-port', 'app']],
])('%s', async (_name, token, commit, names) => {
  const questions = allQuestions(await facts(), { ...EXPECTED, commit, digests: new Map() }, token);
  expect(questions.map(({ name }) => name)).toEqual(names);
  const asked = questions.find(({ name }) => name === 'commit');
  if (asked !== undefined) expect(asked).toMatchObject({ json: { version: 'v0.2.13' } });
  expect(JSON.stringify(questions)).not.toMatch(/\{[a-z]/);
});

test.each<[string, Record<string, string>, object]>([
  ['all addresses', { DOCKMESH_HTTP_ADDR: ':9000' }, { url: 'http://127.0.0.1:9000/healthz/ready' }],
  ['one', { DOCKMESH_HTTP_ADDR: '10.0.0.7:9000' }, { url: 'http://10.0.0.7:9000/healthz/ready' }],
  ['IPv6', { DOCKMESH_HTTP_ADDR: '[::1]:9000' }, { url: 'http://[::1]:9000/healthz/ready' }],
])('the first good answer is asked for where the server listens: %s', async (_name, env, wanted) => {
  expect(answersQuestion(await facts(env), 'v0.2.13')).toMatchObject({
    kind: 'http',
    name: 'ready',
    body: 'ready',
    ...wanted,
  });
});

test('a TLS probe dials host and port, also of IPv6', async () => {
  const questions = allQuestions(await facts({ DOCKMESH_AGENT_LISTEN: '[::1]:8443' }), EXPECTED, false);
  expect(questions.find(({ kind }) => kind === 'tls')).toEqual({
    kind: 'tls',
    name: 'agent-port',
    host: '::1',
    port: 8443,
  });
});

test('a product that answers nothing is only asked for a stable process', async () => {
  const bare = await facts();
  const agent = { ...bare, profile: await builtin('dockmesh-agent') };
  expect(answersQuestion(agent, 'v0.2.13')).toBeUndefined();
  expect(allQuestions(agent, EXPECTED, true)).toEqual([]);
  expect(asksStable(agent)).toBe(true);
});

test('an address that cannot be made is refused with its key', async () => {
  const bare = await facts();
  const { installation } = bare;
  const empty = { ...bare, installation: { ...installation, scope: { ...installation.scope, env: {} } } };
  expect(() => allQuestions(empty, EXPECTED, false)).toThrow(
    expect.objectContaining({ code: 'E_CONFIG_INVALID', message: expect.stringContaining('DOCKMESH_HTTP_ADDR') }),
  );
});

test('the scope names version and commit only where they are known', async () => {
  expect(scopeOf(await facts(), { version: 'v1.0.0' })).toMatchObject({
    version: 'v1.0.0',
    binary_dir: '/usr/local/bin',
  });
  expect(scopeOf(await facts())).not.toHaveProperty('version');
});
