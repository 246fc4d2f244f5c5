import { createHmac } from 'node:crypto';
import type { Host } from '../../host/host.ts';

const MACHINE_ID = '/etc/machine-id';

/** What only this host can make: what its digests are keyed with. Never written anywhere. */
export type HostKey = (text: string) => string;

/**
 * Keyed by the machine's ID, as machine-id(5) wants it used: it is confidential itself, while an HMAC of it tells one host
 * from another and nothing else. And nobody elsewhere can try out which password makes the digest of an env file. A host
 * without one, a container say, is told by its name.
 */
export async function hostKey({ files, identity }: Pick<Host, 'files' | 'identity'>): Promise<HostKey> {
  const there = (await files.stat(MACHINE_ID)) !== undefined;
  const written = there ? (await files.readHead(MACHINE_ID, 64)).toString('latin1').trim() : '';
  const key = /^[0-9a-f]{32}$/.test(written) ? written : `hostname ${identity.hostname}`;
  return (text) => createHmac('sha256', key).update(`refit plan\0${text}`).digest('hex');
}

/** Tells this host from others. */
export function hostId(key: HostKey): string {
  return key('host');
}
