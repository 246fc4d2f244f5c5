import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { reasonOf } from '../runbook/reason.ts';
import type { Wish } from '../runbook/wish.ts';
import { parseAge, parseBytes, parseDuration } from '../runbook/words.ts';
import type { Context, Flags } from './context.ts';

/** What `refit pin` writes and `--pinned` reads where no file is named. */
export const PIN_FILE = 'refit.pin';

export function text(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Words: each text may be several, comma-separated. */
export function texts(flags: Flags, name: string): readonly string[] {
  return wholeTexts(flags, name).flatMap(listed);
}

/** Files: a name may have a comma in it. */
export function wholeTexts(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  if (Array.isArray(value)) return value.map(String).filter((each) => each !== '');
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function listed(value: string): readonly string[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

export function truth(flags: Flags, name: string): boolean {
  const value = flags[name];
  return value === true || (typeof value === 'string' && !['', '0', 'false', 'no'].includes(value.toLowerCase()));
}

/** Paths mean what they meant where the command was typed: a worker has another working directory. */
export function absolute(context: Pick<Context, 'workingDirectory'>, path: string): string {
  return posix.resolve(context.workingDirectory, path);
}

/** What the flags ask for, with the token read: for commands that ask the product. */
export async function wishOf(context: Context, files: Files, flags: Flags): Promise<Wish> {
  const path = text(flags, 'tokenFile');
  const token = path === undefined ? undefined : await readTokenFile(files, absolute(context, path));
  return { ...lookOf(context, flags), token };
}

/** What the flags ask for, with every path absolute, without the token: refit.yaml may name a file that only root can read. */
export function lookOf(context: Pick<Context, 'workingDirectory'>, flags: Flags): Wish {
  const path = (name: string): string | undefined => {
    const value = text(flags, name);
    return value === undefined ? undefined : absolute(context, value);
  };
  const [source, ...mirrors] = wholeTexts(flags, 'source').map((where) =>
    /^https?:/i.test(where) ? where : absolute(context, where),
  );
  const sha256 = text(flags, 'sha256');
  if (sha256 !== undefined && !/^[0-9a-fA-F]{64}$/.test(sha256)) {
    throw new RefitError('E_USAGE', `Cannot read --sha256: saw "${sha256}", expected 64 hexadecimal digits`, {
      hint: 'sha256sum FILE prints it',
    });
  }
  return {
    product: text(flags, 'product'),
    installation: text(flags, 'installation'),
    profile: path('profile'),
    prefix: path('prefix'),
    to: text(flags, 'to') ?? 'latest',
    source,
    ...(mirrors.length === 0 ? {} : { mirrors }),
    channel: text(flags, 'channel'),
    tarball: path('fromTarball'),
    sha256: sha256?.toLowerCase(),
    allowPrerelease: truth(flags, 'allowPrerelease'),
    allowMajor: truth(flags, 'allowMajor'),
    stopAt: text(flags, 'stopAt'),
    allOrNothing: truth(flags, 'allOrNothing'),
    pinned: pinnedOf(flags, context),
    minAgeMs: truth(flags, 'allowNew') ? undefined : minAgeOf(text(flags, 'minAge')),
    waived: texts(flags, 'waive'),
    because: reasonOf(text(flags, 'because')),
    applyEnvEdits: truth(flags, 'applyCrossings') || truth(flags, 'applyEnvEdits'),
    restoreData: truth(flags, 'restoreData'),
    rehearse: !truth(flags, 'noRehearse'),
    archive: truth(flags, 'noArchive') ? undefined : compressionOf(text(flags, 'archive')),
    spotChecks: [...new Set(texts(flags, 'spotCheck'))],
    token: undefined,
    copyRate: rateOf(text(flags, 'copyRate'), COPY_RATE),
    limitRate: rateOf(text(flags, 'limitRate'), LIMIT_RATE),
    deadlineMs: deadlineOf(text(flags, 'deadline')),
  };
}

/** Milliseconds, of the `--older-than` of what is pruned. */
export function olderThan(flags: Flags): number | undefined {
  const age = text(flags, 'olderThan');
  if (age === undefined) return undefined;
  const ms = parseAge(age);
  if (ms !== undefined) return ms;
  throw new RefitError('E_USAGE', `Cannot read --older-than: saw "${age}", expected an age such as 36h, 30d or 8w`, {
    hint: '--older-than 30d',
  });
}

interface RateFlag {
  readonly flag: string;
  readonly least: number;
  readonly example: string;
}

/** One block of a large file at a time: slower than this, and a copy of nothing takes for ever. */
const COPY_RATE: RateFlag = { flag: '--copy-rate', least: 64 * 1024, example: '50M' };
/** A network hands out 64 KiB at a time: slower than this, and a server that is made to wait for so long hangs up. */
const LIMIT_RATE: RateFlag = { flag: '--limit-rate', least: 4 * 1024, example: '500K' };

function rateOf(written: string | undefined, { flag, least, example }: RateFlag): number | undefined {
  if (written === undefined) return undefined;
  const rate = parseBytes(written, least);
  if (rate !== undefined) return rate;
  throw new RefitError(
    'E_USAGE',
    `Cannot read ${flag}: saw "${written}", expected bytes per second such as ${example}`,
    {
      hint: `K, M and G are 1024, 1024^2 and 1024^3; at least ${least / 1024}K`,
    },
  );
}

export function compressionOf(written = 'zstd', flag = '--archive'): 'zstd' | 'gzip' {
  if (written === 'zstd' || written === 'gzip') return written;
  throw new RefitError('E_USAGE', `Cannot read ${flag}: saw "${written}", expected zstd or gzip`, {
    hint: `${flag} zstd`,
  });
}

function deadlineOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const ms = parseDuration(written);
  if (ms !== undefined && ms > 0) return ms;
  throw new RefitError('E_USAGE', `Cannot read --deadline: saw "${written}", expected a duration such as 90s or 5m`, {
    hint: 'It is how long a started service may take to answer, at most 24h',
  });
}

/** `--pinned` alone means the file that `refit pin` writes by itself. */
function pinnedOf(flags: Flags, context: Pick<Context, 'workingDirectory'>): string | undefined {
  if (flags['pinned'] === true) return absolute(context, PIN_FILE);
  const file = text(flags, 'pinned');
  return file === undefined ? undefined : absolute(context, file);
}

function minAgeOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const ms = parseAge(written);
  if (ms !== undefined) return ms;
  throw new RefitError('E_USAGE', `Cannot read --min-age: saw "${written}", expected an age such as 36h, 7d or 2w`, {
    hint: '--min-age 7d; --allow-new lets it pass for once',
  });
}

async function readTokenFile(files: Files, path: string): Promise<string> {
  const token = (await files.read(path, { maxBytes: 65_536 })).toString('utf8').trim();
  if (/^[\x21-\x7e]{8,4096}$/.test(token)) return token;
  throw new RefitError(
    'E_CONFIG_INVALID',
    `Cannot use the token in ${path}: expected one line of printable characters`,
    {
      hint: 'Create it in the product: settings, API tokens; then store it alone in the file',
    },
  );
}
