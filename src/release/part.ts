import { dirname } from 'node:path';
import type { Files } from '../host/files.ts';

/** Nobody but us reads a file that is not proven yet. */
export const PART_MODE = 0o600;

const SIDECAR_MAX_BYTES = 64 * 1024;

/** From where a download goes on. */
export interface ResumePoint {
  readonly offset: number;
  /** What If-Range wants: the version of the file that the bytes belong to. Undefined at offset 0, and for a stranger's bytes. */
  readonly ifRange: string | undefined;
  /** Of bytes that came from another source: how long its file is. Only one as long can be the same; the digest proves it. */
  readonly strangersTotal?: number | undefined;
}

/** A file on its way: `<to>.part` are its first bytes, `<to>.part.json` says of which version of which URL they are. */
export interface Part {
  readonly path: string;
  resumePoint(): Promise<ResumePoint>;
  /** Forgets what is there and, where the response can be resumed, remembers what it is. */
  start(headers: Readonly<Record<string, string>>, total: number | undefined): Promise<void>;
  /** Goes on with what another source began; from now on it is this one's. */
  adopt(headers: Readonly<Record<string, string>>, total: number): Promise<void>;
  /** Whether more than one source had a share in it. */
  isMixed(): Promise<boolean>;
  discard(): Promise<void>;
  /** Gives the whole file its name. */
  finish(): Promise<void>;
}

interface Sidecar {
  readonly url: string;
  readonly ifRange: string;
  readonly total?: number | undefined;
  readonly mixed?: boolean;
}

export function partOf(files: Files, to: string, url: string): Part {
  const path = `${to}.part`;
  const sidecar = `${to}.part.json`;
  const remember = (what: Sidecar) => files.writeAtomic(sidecar, JSON.stringify(what), { mode: PART_MODE });
  const discard = async () => {
    // The bytes go first: bytes without a sidecar start over, bytes under another version's sidecar would be mixed.
    await files.remove(path);
    await files.remove(sidecar);
  };
  return {
    path,
    discard,
    async resumePoint() {
      const size = (await files.stat(path))?.size ?? 0;
      const known = size === 0 ? undefined : await readSidecar(files, sidecar);
      if (known?.url === url) return { offset: size, ifRange: known.ifRange };
      if (known?.total === undefined) return { offset: 0, ifRange: undefined };
      return { offset: size, ifRange: undefined, strangersTotal: known.total };
    },
    async start(headers, total) {
      await discard();
      const ifRange = validatorOf(headers);
      if (ifRange !== undefined) await remember({ url, ifRange, total });
    },
    async adopt(headers, total) {
      // Before its bytes: under the old words a kill would have them taken for the other source's, and never for mixed.
      const ifRange = validatorOf(headers);
      const known = await readSidecar(files, sidecar);
      if (ifRange !== undefined) await remember({ url, ifRange, total, mixed: true });
      else if (known !== undefined) await remember({ ...known, mixed: true });
    },
    isMixed: async () => (await readSidecar(files, sidecar))?.mixed === true,
    async finish() {
      await files.rename(path, to);
      await files.remove(sidecar);
      await files.sync(dirname(to));
    },
  };
}

/** A strong ETag, else Last-Modified: a weak ETag may name two files that differ (RFC 9110 §13.1.5). */
export function validatorOf(headers: Readonly<Record<string, string>>): string | undefined {
  const etag = headers['etag'];
  return etag !== undefined && !etag.startsWith('W/') ? etag : headers['last-modified'];
}

async function readSidecar(files: Files, sidecar: string): Promise<Sidecar | undefined> {
  if ((await files.stat(sidecar)) === undefined) return undefined;
  const data = await files.readHead(sidecar, SIDECAR_MAX_BYTES);
  try {
    const parsed: unknown = JSON.parse(data.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { url, ifRange, total, mixed } = parsed as { readonly [Key in keyof Sidecar]?: unknown };
    if (typeof url !== 'string' || typeof ifRange !== 'string') return undefined;
    return { url, ifRange, total: Number.isSafeInteger(total) ? Number(total) : undefined, mixed: mixed === true };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
