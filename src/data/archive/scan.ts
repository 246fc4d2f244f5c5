import { RefitError } from '../../errors.ts';
import { escapeBytes } from '../names.ts';
import { type Member, parseMember } from './member.ts';
import { type Pax, parsePax } from './pax.ts';

const BLOCK = 512;
/** Names, a few attributes and an ACL are far below this. */
const MAX_PAX = 4 * 1024 * 1024;

/** What lies in a generation's folder, and so in its archive. */
export const TOP = ['run', 'manifest.json', 'binaries.json', 'binaries', 'tree'];

/**
 * Hands a tar archive on unchanged, and looks at each header before whoever takes it does: nothing that would be written outside
 * of the folder, or made a device, is ever handed on. Returns how many members there were. Rejects with E_ARCHIVE_UNSAFE, and
 * with E_ARCHIVE_INVALID where it is damaged or cut; `name` is the archive's, for people.
 */
export async function* scanned(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array, number> {
  const scan = new Scan(name);
  for await (const part of source) {
    scan.push(part);
    yield part;
  }
  return scan.close();
}

/**
 * As `scanned`, for a tar that unpacks: it stops reading at the end of the archive, and what is padding after that would break
 * the pipe. All of the source is looked at nevertheless.
 */
export async function* scannedToEnd(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const scan = new Scan(name);
  let before = 0;
  for await (const part of source) {
    scan.push(part);
    const wanted = Math.min(part.length, scan.end - before);
    if (wanted > 0) yield part.subarray(0, wanted);
    before += part.length;
  }
  scan.close();
}

class Scan {
  readonly #name: string;
  #at = 0;
  #members = 0;
  /** Of a body and its padding, still to come. */
  #skip = 0;
  /** A header, or the body of an extended one, as far as it has come. */
  #gathered: Buffer[] = [];
  #missing = BLOCK;
  #gathering: 'header' | 'pax' = 'header';
  #paxSize = 0;
  #pax: Pax = {};
  /** Behind the two blocks of zeros that end the archive. */
  end = Number.POSITIVE_INFINITY;

  constructor(name: string) {
    this.#name = name;
  }

  push(part: Uint8Array): void {
    for (let taken = 0; taken < part.length; ) {
      const room = part.length - taken;
      const length = Math.min(room, this.#skip > 0 ? this.#skip : this.#missing);
      this.#at += length;
      if (this.#skip > 0) this.#skip -= length;
      else this.#gather(Buffer.from(part.buffer, part.byteOffset + taken, length));
      taken += length;
    }
  }

  /** Returns the number of members. */
  close(): number {
    if (this.#at < this.end || this.#missing !== BLOCK) throw this.#damaged('its end');
    return this.#members;
  }

  #gather(bytes: Buffer): void {
    // A copy: the part belongs to whoever it is handed on to.
    this.#gathered.push(Buffer.from(bytes));
    this.#missing -= bytes.length;
    if (this.#missing > 0) return;
    const whole = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#missing = BLOCK;
    if (this.#gathering === 'header') this.#header(whole);
    else this.#extended(whole);
  }

  #header(block: Buffer): void {
    if (block.every((byte) => byte === 0)) {
      this.end = Math.min(this.end, this.#at + BLOCK);
      return;
    }
    const member = parseMember(block);
    if (member === undefined || this.end !== Number.POSITIVE_INFINITY) throw this.#damaged('a damaged header');
    if (member.kind === 'pax') {
      if (member.size === 0 || member.size > MAX_PAX) throw this.#damaged(`${member.size} bytes of attributes`);
      this.#gathering = 'pax';
      this.#paxSize = member.size;
      this.#missing = padded(member.size);
      return;
    }
    const { path, linkpath, size } = this.#pax;
    this.#pax = {};
    const whole = { ...member, name: path ?? member.name, link: linkpath ?? member.link, size: size ?? member.size };
    this.#refuse(whole);
    this.#members += 1;
    this.#skip = padded(whole.size);
  }

  #extended(body: Buffer): void {
    const pax = parsePax(body.subarray(0, this.#paxSize));
    if (pax === undefined) throw this.#damaged('damaged attributes');
    this.#pax = pax;
    this.#gathering = 'header';
  }

  #refuse({ kind, name, link, size }: Member): void {
    if (!isInside(name)) throw this.#unsafe(`the name ${shown(name)}`);
    // A symbolic link may lead anywhere: tar makes it last, so nothing is written through it.
    if (kind === 'hardlink' && !isInside(link)) throw this.#unsafe(`a link ${shown(name)} to ${shown(link)}`);
    if (kind === 'other') throw this.#unsafe(`${shown(name)}, a device or of a kind no archive of ours holds`);
    if (kind !== 'file' && size > 0) throw this.#unsafe(`${shown(name)}, a ${kind} with contents`);
  }

  #unsafe(saw: string): RefitError {
    return new RefitError('E_ARCHIVE_UNSAFE', `Cannot use ${this.#name}: saw ${saw}, expected files of a generation`, {
      hint: 'Somebody else made or changed it: refit backup list shows others',
    });
  }

  #damaged(saw: string): RefitError {
    return new RefitError(
      'E_ARCHIVE_INVALID',
      `Cannot use ${this.#name}: saw ${saw} at byte ${this.#at} of the tar in it, expected a whole archive`,
      { hint: 'It is damaged or was cut: refit backup list shows others' },
    );
  }
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function isInside(name: string): boolean {
  const parts = name.replace(/\/+$/, '').split('/');
  return TOP.includes(parts[0] ?? '') && !parts.includes('..');
}

function shown(name: string): string {
  return `"${escapeBytes(Buffer.from(name, 'latin1')).slice(0, 200)}"`;
}
