import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { cert, key } from './certificate.ts';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server on loopback for the running test; gives its origin. */
export async function serve(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(answer))}`;
}

export async function serveTls(answer: RequestListener): Promise<string> {
  return `https://127.0.0.1:${await listen(createTlsServer({ key, cert }, answer))}`;
}

/** A port nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((ready) =>
    server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port)),
  );
  await new Promise((closed) => server.close(closed));
  return port;
}
