import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { errnoOf } from './errno.ts';
import type { TlsDial } from './http.ts';
import { httpError } from './http-error.ts';

/** Waits for the event, an error or the deadline; the socket is gone afterwards. */
async function dial<T>(socket: Socket, ready: string, { timeoutMs }: TlsDial, look: () => T): Promise<T> {
  try {
    await once(socket, ready, { signal: AbortSignal.timeout(timeoutMs) });
    return look();
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'AbortError';
    throw isLate ? Object.assign(new Error('timed out', { cause }), { code: 'ETIMEDOUT' }) : cause;
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

/** "CN=dockmesh, O=…", in the order of the certificate. */
function named(parts: PeerCertificate['subject'] | undefined): string {
  return Object.entries(parts ?? {})
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('+') : value}`)
    .join(', ');
}

/** See `Http.dialTls`. */
export async function dialTls(
  target: TlsDial,
): Promise<{ readonly subject: string; readonly issuer: string; readonly fingerprint256: string }> {
  const { host, port } = target;
  const where = `${host}:${port}`;
  try {
    // The chain is not judged: these listeners have an authority of their own.
    const server = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port, rejectUnauthorized: false, ...server });
    const { subject, issuer, fingerprint256 } = await dial(socket, 'secureConnect', target, () =>
      socket.getPeerCertificate(),
    );
    return { subject: named(subject), issuer: named(issuer), fingerprint256 };
  } catch (cause) {
    throw httpError(where, where, cause);
  }
}

/** See `Http.dialTcp`. */
export async function dialTcp(target: TlsDial): Promise<boolean> {
  try {
    await dial(connect({ host: target.host, port: target.port }), 'connect', target, () => undefined);
    return true;
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
    return false;
  }
}
