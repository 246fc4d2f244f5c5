import { expect, test } from 'vitest';
import type { Question } from '../../src/health/health.ts';
import { judgeHttp } from '../../src/health/judge.ts';

type Http = Extract<Question, { kind: 'http' }>;
const ask = (more: Partial<Http>): Http => ({ kind: 'http', name: 'q', url: 'http://h/', status: 200, ...more });
const PAGE = '<!doctype html><html><body>app</body></html>';

test.each<[string, Http, number, string, boolean, string]>([
  ['the body asked for', ask({ body: 'ready' }), 200, 'ready\n', true, '200 ready'],
  ['a page where a word was asked for', ask({ body: 'ready' }), 200, PAGE, false, `200 ${PAGE}`],
  ['a word that only begins right', ask({ body: 'ready' }), 200, 'ready-ish', false, '200 ready-ish'],
  ['another status', ask({ body: 'ready' }), 503, 'db unreachable: x', false, '503 db unreachable: x'],
  ['a part of a page', ask({ contains: '<html' }), 200, PAGE, true, `200 ${PAGE}`],
  ['a field as asked', ask({ json: { version: 'v1' } }), 200, '{"version":"v1"}', true, '200 {"version":"v1"}'],
  [
    'a field with another value',
    ask({ json: { version: 'v1' } }),
    200,
    '{"version":"v0"}',
    false,
    'version = "v0", expected "v1"',
  ],
  ['a field of another type', ask({ json: { n: 1 } }), 200, '{"n":"1"}', false, 'n = "1", expected 1'],
  [
    'a field that is not there',
    ask({ json: { 'a.b': true } }),
    200,
    '{"a":null}',
    false,
    'a.b = undefined, expected true',
  ],
  [
    'a field inherited from Object',
    ask({ json: { 'constructor.name': 'Object' } }),
    200,
    '{}',
    false,
    'constructor.name = undefined, expected "Object"',
  ],
  ['no JSON', ask({ json: { a: 1 } }), 200, 'ready', false, '200 ready, which is not JSON'],
  ['an uptime since our start', ask({ uptime: 'up' }), 200, '{"up":4}', true, '200 {"up":4}'],
  [
    'an uptime from before our start',
    ask({ uptime: 'up' }),
    200,
    '{"up":999}',
    false,
    'up = 999, expected at most 7: not started by this run',
  ],
  ['control characters are not shown', ask({ body: 'x' }), 200, '\u001b[2Jready\u0007', false, '200 [2Jready'],
])('%s', (_name, question, status, body, healthy, saw) => {
  expect(judgeHttp(question, { status, headers: {}, body }, 5_000)).toEqual({ healthy, saw });
});

test('too many requests are no verdict, unless they were asked for', () => {
  const response = { status: 429, headers: {}, body: 'slow down' };
  expect(judgeHttp(ask({}), response, undefined)).toEqual({ healthy: false, saw: '429 slow down', busy: true });
  expect(judgeHttp(ask({ status: 429 }), response, undefined)).toEqual({ healthy: true, saw: '429 slow down' });
});
