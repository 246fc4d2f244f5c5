import { RefitError } from '../errors.ts';

/** Wildcard hosts: a server that listens on every address is asked on loopback, where no firewall or proxy answers for it. */
const EVERYWHERE = new Set(['', '*', '0.0.0.0', '::']);

/**
 * The address to dial for a listen address as Go writes it: ':8080', '0.0.0.0:8080', '[::]:8080' become '127.0.0.1:8080';
 * a specific host is kept, because a server bound to one address does not answer on loopback.
 * Rejects with E_CONFIG_INVALID what is not `host:port` with a port of 1 to 65535.
 */
export function dialAddress(listen: string): string {
  const parts = /^(?:\[(?<six>[0-9A-Fa-f:.%\w]*)\]|(?<host>[^:[\]\s/]*)):(?<port>\d{1,5})$/.exec(listen)?.groups;
  const port = Number(parts?.['port'] ?? 0);
  if (parts === undefined || port < 1 || port > 65_535) {
    throw new RefitError(
      'E_CONFIG_INVALID',
      `Cannot read the listen address: saw ${JSON.stringify(listen)}, expected "host:port"`,
      {
        hint: 'correct the address in the env file of the service',
      },
    );
  }
  const host = parts['six'] ?? parts['host'] ?? '';
  if (EVERYWHERE.has(host)) return `127.0.0.1:${port}`;
  return parts['six'] === undefined ? `${host}:${port}` : `[${host}]:${port}`;
}
