import { cert } from '../../../host/certificate.ts';
import { serve, serveTls } from '../../../host/loopback.ts';
import type { Reply } from '../../../support/loopback.ts';
import { NEW } from '../../support/scene.ts';
import { ARCHIVE, type Served, type Stage, type Stays } from '../stage.ts';

/** A mirror that lies, or is ill. */
export interface SourceCase {
  readonly name: string;
  readonly serve: (stage: Stage) => Served | Promise<Served>;
  readonly code: string;
  readonly exit: 5 | 6;
  readonly says: readonly (string | RegExp)[];
  readonly stays?: Stays;
  /** It is asked for again and again, for minutes. */
  readonly waits?: boolean;
  /** A CA to be trusted, in PEM. */
  readonly ca?: string;
}

const WRONG = 'ab'.repeat(32);

/** A list of digests that is no list, or not of these files. */
const checksums = (name: string, text: (good: string) => string | Buffer, saw: RegExp): SourceCase => ({
  name,
  serve: ({ sha256 }) => ({ checksums: { body: text(sha256) } }),
  code: 'E_CHECKSUMS_INVALID',
  exit: 6,
  says: ['checksums.txt', saw, /expected/],
  stays: 'archive',
});

/** A list that is understood, and says another digest. */
const otherDigest = (name: string, text: string): SourceCase => ({
  name,
  serve: () => ({ checksums: { body: text } }),
  code: 'E_DIGEST_MISMATCH',
  exit: 6,
  says: [ARCHIVE, /saw SHA-256 [0-9a-f]{64}, expected (?:ab){32} by checksums\.txt/],
});

const archive = (
  name: string,
  reply: (stage: Stage) => Reply | Promise<Reply>,
  rest: Pick<SourceCase, 'code' | 'exit' | 'says'> & Partial<SourceCase>,
): SourceCase => ({ name, serve: async (stage) => ({ archive: await reply(stage) }), ...rest });

const catalogue = (name: string, body: string, saw: RegExp): SourceCase => ({
  name,
  serve: () => ({ catalogue: { body } }),
  code: 'E_SOURCE_INVALID',
  exit: 5,
  says: ['releases.json', saw, /expected/],
});

const redirect = (location: string, status = 302): Reply => ({ status, headers: { location } });
const short = {
  code: 'E_DOWNLOAD_SHORT',
  exit: 5,
  says: [ARCHIVE, /saw \d+ .*bytes/],
  stays: 'part',
  waits: true,
} as const;
const mismatch = {
  code: 'E_DIGEST_MISMATCH',
  exit: 6,
  says: [ARCHIVE, /saw SHA-256/, /expected [0-9a-f]{64}/],
} as const;

/** Sends to a folder of a disk, to another scheme, down from https, round and round. */
const REDIRECTS: readonly SourceCase[] = [
  archive('a redirect to a file of this machine', () => redirect('file:///etc/passwd'), {
    code: 'E_SOURCE_INVALID',
    exit: 5,
    says: ['file:', 'expected an http or https URL'],
  }),
  archive('a redirect to another scheme', () => redirect('ftp://127.0.0.1/x'), {
    code: 'E_SOURCE_INVALID',
    exit: 5,
    says: ['ftp:', 'expected an http or https URL'],
  }),
  archive(
    'a redirect down from https to http',
    async ({ mirror }) => {
      const down = `${mirror.url}/${NEW}/checksums.txt`;
      return redirect(await serveTls((_, response) => response.writeHead(302, { location: down }).end()));
    },
    { code: 'E_SOURCE_INVALID', exit: 5, says: [/saw a redirect to http:/, 'expected https'], ca: cert },
  ),
  archive(
    'a redirect to another host, with other bytes',
    async () => redirect(await serve((_, r) => r.end('other'))),
    mismatch,
  ),
  archive('a redirect to itself', () => redirect(`/${NEW}/${ARCHIVE}`), {
    code: 'E_SOURCE_INVALID',
    exit: 5,
    says: [ARCHIVE, 'saw more than 5 redirects'],
  }),
];

const TRANSFERS: readonly SourceCase[] = [
  archive('one bit of the archive', ({ good }) => ({ body: flipped(good) }), mismatch),
  archive('a page in place of the archive', () => ({ body: '<!doctype html><p>Log in</p>' }), {
    ...mismatch,
    says: [ARCHIVE, 'it looks like an HTML page', /expected [0-9a-f]{64}/],
  }),
  archive('an empty archive', () => ({ body: '' }), mismatch),
  archive(
    'a length that is less than there is',
    ({ good }) => ({ body: good.subarray(0, 100), claimLength: 100 }),
    mismatch,
  ),
  archive('a length that is more than comes', ({ good }) => ({ body: good, claimLength: good.length + 1000 }), short),
  archive('a length of more than is allowed', ({ good }) => ({ body: good, claimLength: 2 ** 40 }), {
    code: 'E_TOO_LARGE',
    exit: 6,
    says: [ARCHIVE, 'saw 1099511627776 bytes announced, expected at most 67108864'],
  }),
  archive('a stream without end', () => ({ body: Buffer.alloc(70 << 20), chunked: true }), {
    code: 'E_TOO_LARGE',
    exit: 6,
    says: [ARCHIVE, 'saw more than the 67108864 bytes expected at most'],
  }),
  archive('a line that is cut each time', ({ good }) => ({ body: good, cutAfter: 1000 }), short),
  archive('slow-loris: some bytes, and then none', ({ good }) => ({ body: good, stallAfter: 1000 }), short),
  archive('no such archive', () => ({ status: 404 }), {
    code: 'E_RELEASE_UNKNOWN',
    exit: 5,
    says: [ARCHIVE, 'status 404'],
  }),
  archive('a mirror that is ill', () => ({ status: 500 }), {
    code: 'E_SOURCE_UNREACHABLE',
    exit: 5,
    says: [ARCHIVE, 'saw status 500, expected 200'],
    waits: true,
  }),
];

export const SOURCES: readonly SourceCase[] = [
  checksums(
    'a list with two digests of one file',
    (good) => `${good}  ${ARCHIVE}\n${WRONG}  ${ARCHIVE}\n`,
    /two digests/,
  ),
  checksums('a list with a name that climbs', (good) => `${good}  ../${ARCHIVE}\n`, /the name "\.\.\//),
  checksums('a list with an absolute name', (good) => `${good}  /etc/${ARCHIVE}\n`, /the name "\/etc/),
  checksums('a list with backslashes', (good) => `${good}  ..\\${ARCHIVE}\n`, /the name/),
  checksums('a list with NUL in a name', (good) => `${good}  ${ARCHIVE}\0.txt\n`, /the name/),
  checksums('a list with half a digest', (good) => `${good.slice(1)}  ${ARCHIVE}\n`, /expected a SHA-256 digest/),
  checksums('a list with a line of prose', (good) => `# digests\n${good}  ${ARCHIVE}\n`, /"# digests"/),
  checksums('a list that is a page', () => '<!doctype html><p>Log in</p>', /an HTML page/),
  checksums('an empty list', () => '\n', /an empty file/),
  checksums('a list without end', () => Buffer.alloc(1024 * 1024 + 1, 'a'), /more than 1048576 bytes/),
  otherDigest('another digest, CRLF', `${WRONG}  ${ARCHIVE}\r\n`),
  otherDigest('another digest, as BSD writes it', `SHA256 (${ARCHIVE}) = ${WRONG}\n`),
  otherDigest('another digest, of a binary file', `${WRONG} *${ARCHIVE}\n`),
  otherDigest('another digest, in capitals', `${WRONG.toUpperCase()}  ./${ARCHIVE}\n`),
  {
    name: 'two digests that disagree',
    serve: () => ({ sidecar: { body: `${WRONG}  ${ARCHIVE}\n` } }),
    code: 'E_DIGEST_MISMATCH',
    exit: 6,
    says: [ARCHIVE, /checksums\.txt says [0-9a-f]{64}/, /\.sha256 says (?:ab){32}/],
  },
  {
    name: 'a digest of another file beside the archive',
    serve: ({ sha256 }) => ({ sidecar: { body: `${sha256}  other.tar.gz\n` } }),
    code: 'E_CHECKSUMS_INVALID',
    exit: 6,
    says: [`${ARCHIVE}.sha256`, /the digest of "other\.tar\.gz", expected/],
    stays: 'archive',
  },
  {
    name: 'nobody who says a digest',
    serve: () => ({ checksums: null }),
    code: 'E_DIGEST_MISSING',
    exit: 6,
    says: [ARCHIVE, 'saw no digest', /expected one in checksums\.txt/],
    stays: 'archive',
  },
  ...REDIRECTS,
  ...TRANSFERS,
  catalogue('a page in place of the releases', '<!doctype html><p>Log in</p>', /an HTML page/),
  catalogue('releases that are no list', '{"message":"Not Found"}', /an object/),
  catalogue(
    'an archive that is a file of this machine',
    JSON.stringify([{ tag_name: NEW, assets: [{ name: ARCHIVE, browser_download_url: 'file:///etc/shadow' }] }]),
    /"file:\/\/\/etc\/shadow"/,
  ),
];

function flipped(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  copy.writeUInt8(copy.readUInt8(copy.length >> 1) ^ 1, copy.length >> 1);
  return copy;
}
