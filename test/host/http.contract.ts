import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Http } from '../../src/host/http.ts';
import { cert } from './certificate.ts';
import { closedPort, serve, serveTls } from './loopback.ts';
import { scratch } from './scratch.ts';

const SMALL = { timeoutMs: 20_000 };
const LARGE = { connectTimeoutMs: 20_000, stallTimeoutMs: 20_000 };
const UNREACHABLE = { code: 'E_SOURCE_UNREACHABLE' };

async function all(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** What every implementation of `Http` does. `fresh` may be given certificates to trust. */
export function httpContract(name: string, fresh: (caFile?: string) => Http): void {
  describe(`${name}: requests`, () => {
    test('any status is a result, with its headers and its body', async () => {
      const origin = await serve((request, response) => {
        response.writeHead(503, {
          'X-Seen': `${request.method} ${request.headers['x-say']}`,
          'Set-Cookie': ['a', 'b'],
        });
        request.pipe(response);
      });
      const put = { ...SMALL, method: 'PUT' as const, body: 'hello', headers: { 'x-say': 'this' } };
      const response = await fresh().request(`${origin}/path?query`, put);
      expect(response).toMatchObject({
        status: 503,
        body: 'hello',
        headers: { 'x-seen': 'PUT this', 'set-cookie': 'a, b' },
      });
    });

    test('a body of the limit is read, one byte more is refused', async () => {
      const origin = await serve((_, response) => void response.end('hello'));
      expect(await fresh().request(origin, { ...SMALL, maxBytes: 5 })).toMatchObject({ body: 'hello' });
      const tooLarge = { code: 'E_TOO_LARGE' };
      await expect(fresh().request(origin, { ...SMALL, maxBytes: 4 })).rejects.toMatchObject(tooLarge);
    });

    test('nobody there, somebody who hangs up, somebody who says nothing', async () => {
      const refused = fresh().request(`http://127.0.0.1:${await closedPort()}/a?secret=1`, SMALL);
      await expect(refused).rejects.toMatchObject({
        ...UNREACHABLE,
        message: expect.not.stringContaining('secret'),
        facts: { errno: 'ECONNREFUSED' },
      });
      const rude = await serve((request) => void request.socket.destroy());
      await expect(fresh().request(rude, SMALL)).rejects.toMatchObject({
        ...UNREACHABLE,
        facts: { errno: 'ECONNRESET' },
      });
      const silent = await serve(() => undefined);
      const late = fresh().request(silent, { timeoutMs: 200 });
      await expect(late).rejects.toMatchObject({ ...UNREACHABLE, facts: { errno: 'ETIMEDOUT' } });
      const dripping = await serve((_, response) => {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      });
      await expect(fresh().request(dripping, { timeoutMs: 200 })).rejects.toMatchObject(UNREACHABLE);
    });

    test('as slow as it likes where only silence counts', async () => {
      const origin = await serve((_, response) => {
        let sent = 0;
        const drip = setInterval(() => (sent++ < 20 ? response.write('x') : response.end()), 20);
        response.on('close', () => clearInterval(drip));
      });
      const slow = { timeoutMs: 200, stallTimeoutMs: 20_000 };
      expect((await fresh().request(origin, slow)).body).toBe('x'.repeat(20));
      const silent = await serve((_, response) => void response.write('x'));
      const late = fresh().request(silent, { timeoutMs: 20_000, stallTimeoutMs: 200 });
      await expect(late).rejects.toMatchObject({ ...UNREACHABLE, facts: { errno: 'ETIMEDOUT' } });
    });

    test('stop ends it with its reason', async () => {
      const stop = new AbortController();
      const origin = await serve(() => stop.abort(new Error('paused')));
      await expect(fresh().request(origin, { ...SMALL, stop: stop.signal })).rejects.toThrow('paused');
    });

    test.each(['nonsense', 'file:///etc/passwd', 'ftp://127.0.0.1/'])('%s is no address', async (url) => {
      await expect(fresh().request(url, SMALL)).rejects.toMatchObject({ code: 'E_SOURCE_INVALID' });
      await expect(fresh().request(url, { ...SMALL, method: 'POST' })).rejects.toMatchObject({
        code: 'E_SOURCE_INVALID',
      });
      await expect(fresh().stream(url, LARGE)).rejects.toMatchObject({ code: 'E_SOURCE_INVALID' });
    });
  });

  describe(`${name}: redirects`, () => {
    const to = (location: string) => serve((_, response) => void response.writeHead(302, { location }).end());

    test('are results unless asked for, and followed as often as asked', async () => {
      const goal = await serve((_, response) => void response.end('goal'));
      const first = await to(`${await to(goal)}/x`);
      expect(await fresh().request(first, SMALL)).toMatchObject({ status: 302 });
      expect(await fresh().request(first, { ...SMALL, maxRedirects: 2 })).toMatchObject({ status: 200, body: 'goal' });
      const fewer = fresh().request(first, { ...SMALL, maxRedirects: 1 });
      await expect(fewer).rejects.toMatchObject({ code: 'E_SOURCE_INVALID' });
    });

    test('keep credentials on the same origin and drop them on another', async () => {
      const seen: unknown[] = [];
      const goal = await serve((request, response) => {
        seen.push(request.headers.authorization, request.headers['x-other']);
        response.end();
      });
      const here = await serve((request, response) => {
        if (request.url === '/') response.writeHead(302, { location: '/again' }).end();
        else {
          seen.push(request.headers.authorization);
          response.writeHead(307, { location: goal }).end();
        }
      });
      const headers = { Authorization: 'Bearer token', 'x-other': 'kept' };
      await fresh().request(here, { ...SMALL, headers, maxRedirects: 5 });
      expect(seen).toEqual(['Bearer token', undefined, 'kept']);
    });

    test('lead neither to files nor down from https', async () => {
      const files = await to('file:///etc/passwd');
      const invalid = { code: 'E_SOURCE_INVALID' };
      await expect(fresh().request(files, { ...SMALL, maxRedirects: 5 })).rejects.toMatchObject(invalid);
      const plain = await serve((_, response) => void response.end());
      const secure = await serveTls((_, response) => void response.writeHead(302, { location: plain }).end());
      const caFile = join(scratch(), 'ca.pem');
      writeFileSync(caFile, cert);
      await expect(fresh(caFile).stream(secure, LARGE)).rejects.toMatchObject(invalid);
    });
  });

  describe(`${name}: streams`, () => {
    test('bytes come as they are sent', async () => {
      const sent = 'x'.repeat(500_000);
      const origin = await serve((request, response) => {
        response.writeHead(206, { etag: `"${request.headers.range}"` }).end(sent);
      });
      const response = await fresh().stream(origin, { ...LARGE, headers: { range: 'bytes=5-' } });
      expect(response).toMatchObject({ status: 206, headers: { etag: '"bytes=5-"' } });
      expect(await all(response.body)).toBe(sent);
      await response.close();
      await response.close();
    });

    test('a body that breaks off or stalls rejects', async () => {
      const short = await serve((_, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('hello', () => response.socket?.destroy());
      });
      const broken = await fresh().stream(short, LARGE);
      await expect(all(broken.body)).rejects.toMatchObject(UNREACHABLE);
      const stalling = await serve((_, response) => void response.write('hello'));
      const stalled = await fresh().stream(stalling, { ...LARGE, stallTimeoutMs: 200 });
      await expect(all(stalled.body)).rejects.toMatchObject({ ...UNREACHABLE, facts: { errno: 'ETIMEDOUT' } });
      const silent = await serve(() => undefined);
      const late = fresh().stream(silent, { ...LARGE, connectTimeoutMs: 200 });
      await expect(late).rejects.toMatchObject({ ...UNREACHABLE, facts: { errno: 'ETIMEDOUT' } });
    });

    test('stop ends it between bytes, and one that is closed unread ends too', async () => {
      const closed: string[] = [];
      const origin = await serve((request, response) => {
        response.write('hello');
        response.on('close', () => closed.push(request.url ?? ''));
      });
      const stop = new AbortController();
      const { body } = await fresh().stream(origin, { ...LARGE, stop: stop.signal });
      const reading = expect(all(body)).rejects.toThrow('paused');
      stop.abort(new Error('paused'));
      await reading;
      const unread = await fresh().stream(`${origin}/unread`, LARGE);
      await unread.close();
      await expect.poll(() => closed).toEqual(['/', '/unread']);
    });
  });

  describe(`${name}: dialling`, () => {
    const at = (origin: string) => ({ host: '127.0.0.1', port: Number(new URL(origin).port), timeoutMs: 20_000 });

    test('shows the certificate without judging it', async () => {
      const origin = await serveTls(() => undefined);
      const shown = await fresh().dialTls(at(origin));
      expect(shown).toMatchObject({
        subject: 'O=refit tests, CN=loopback.test',
        issuer: 'O=refit tests, CN=loopback.test',
      });
      expect(shown.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    });

    test('where no TLS is spoken it rejects', async () => {
      const refused = { host: '127.0.0.1', port: await closedPort(), timeoutMs: 20_000 };
      await expect(fresh().dialTls(refused)).rejects.toMatchObject({
        ...UNREACHABLE,
        facts: { errno: 'ECONNREFUSED' },
      });
      const plain = await serve((_, response) => void response.end());
      await expect(fresh().dialTls(at(plain))).rejects.toMatchObject(UNREACHABLE);
    });

    test('tells whether somebody listens', async () => {
      expect(await fresh().dialTcp(at(await serve(() => undefined)))).toBe(true);
      expect(await fresh().dialTcp({ host: '127.0.0.1', port: await closedPort(), timeoutMs: 20_000 })).toBe(false);
    });
  });
}
