import type { Cached } from '../../runbook/cache/list.ts';

/** "live of dockmesh, rollback of edge", or "-". */
export function heldByText({ heldBy }: Pick<Cached, 'heldBy'>): string {
  const words = { live: 'live of', rollback: 'rollback of', open: 'open run of' };
  return heldBy.map((hold) => `${words[hold.as]} ${hold.installation}`).join(', ') || '-';
}

/** "dockmesh v0.2.13: dockmesh_linux_amd64.tar.gz", or "-" for what no run of this host knows. */
export function originText({ from }: Pick<Cached, 'from'>): string {
  const texts = from.map(({ product, version, asset }) => `${product} ${version}: ${asset}`);
  return [...new Set(texts)].join(', ') || '-';
}

export function cachedJson({ sha256, path, bytes, usedAtMs, from, heldBy }: Cached): object {
  return { sha256, path, bytes, lastUsed: new Date(usedAtMs).toISOString(), from, heldBy };
}
