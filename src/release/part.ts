import { dirname } from 'node:path';
import type { Files } from '../host/files.ts';

/** Nobody but us reads a file that is not proven yet. */
export const PART_MODE = 0o600;

const SIDECAR_MAX_BYTES = 64 * 1024;

/** From where a download goes on. */
export interface ResumePoint {
  readonly offset: number;
  /** What If-Range wants: the version of the file that the bytes belong to. Undefined at offset 0. */
  readonly ifRange: string | undefined;
}

/** A file on its way: `<to>.part` are its first bytes, `<to>.part.json` says of which version of which URL they are. */
export interface Part {
  readonly path: string;
  resumePoint(): Promise<ResumePoint>;
  /** Forgets what is there and, where the response can be resumed, remembers what it is. */
  start(headers: Readonly<Record<string, string>>): Promise<void>;
  discard(): Promise<void>;
  /** Gives the whole file its name. */
  finish(): Promise<void>;
}

export function partOf(files: Files, to: string, url: string): Part {
  const path = `${to}.part`;
  const sidecar = `${to}.part.json`;
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
      const ifRange = size === 0 ? undefined : await readValidator(files, sidecar, url);
      return ifRange === undefined ? { offset: 0, ifRange } : { offset: size, ifRange };
    },
    async start(headers) {
      await discard();
      const ifRange = validatorOf(headers);
      if (ifRange === undefined) return;
      await files.writeAtomic(sidecar, JSON.stringify({ url, ifRange }), { mode: PART_MODE });
    },
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

async function readValidator(files: Files, sidecar: string, url: string): Promise<string | undefined> {
  if ((await files.stat(sidecar)) === undefined) return undefined;
  const data = await files.readHead(sidecar, SIDECAR_MAX_BYTES);
  try {
    const parsed: unknown = JSON.parse(data.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { url: of, ifRange } = parsed as { readonly url?: unknown; readonly ifRange?: unknown };
    return of === url && typeof ifRange === 'string' ? ifRange : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
