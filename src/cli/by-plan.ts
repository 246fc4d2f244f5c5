import type { PlanDocument } from '../document/plan.ts';
import { invalidPlan, PLAN_MAX_BYTES, parsePlan } from '../document/read-plan.ts';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { factsOf } from '../runbook/facts.ts';
import { planUpgrade } from '../runbook/plan-upgrade.ts';
import type { Planned } from '../runbook/planned.ts';
import { asSigned } from '../runbook/signed/as-signed.ts';
import { changesSince } from '../runbook/signed/changes.ts';
import { hostId, hostKey } from '../runbook/signed/host-key.ts';
import { wishAsRecorded } from '../runbook/signed/recorded-wish.ts';
import type { StoredRun } from '../runbook/store/runs.ts';
import type { Wish } from '../runbook/wish.ts';
import { flagOf } from '../runbook/words.ts';
import type { Workshop } from '../runbook/workshop.ts';
import type { Context, Flags } from './context.ts';
import { documentOf } from './document.ts';
import { absolute, lookOf, wholeTexts } from './flags.ts';

/** A plan that was handed in: read and understood, of this host, not yet compared with it. */
export interface Signed {
  /** As typed. */
  readonly file: string;
  readonly document: PlanDocument;
  /** What its maker asked for, without a token. */
  readonly wish: Wish;
}

/** What may stand beside `--plan`: who consents and how it is told, which installation is meant, and what no document holds. */
const BESIDE = new Set([
  ...['plan', 'yes', 'dryRun', 'notes', 'output', 'stateDir', 'tokenFile', 'source'],
  ...['product', 'installation', 'profile', 'prefix'],
]);

/** Reads the plan that `--plan` names, as hostile: nothing of it is used before all of it is understood. */
export async function readSigned(context: Context, workshop: Workshop, flags: Flags, file: string): Promise<Signed> {
  const stray = [...context.given].find((name) => !BESIDE.has(name));
  if (stray !== undefined) throw twoWishes(file, stray);
  const { host } = workshop;
  const document = parsePlan(await readFile(host.files, absolute(context, file), file), file);
  const here = hostId(await hostKey(host));
  if (document.host.id !== here) {
    const { name } = document.host;
    const { hostname } = host.identity;
    throw elsewhere(file, `a plan of ${name === hostname ? `another host called ${name}` : name}`, hostname);
  }
  requireSameInstallation(file, document, lookOf(context, flags));
  return { file, document, wish: { ...wishAsRecorded(document.wish, wholeTexts(flags, 'source')), token: undefined } };
}

/** Plans the same anew, and refuses where it comes to anything else than what was signed off. */
export async function planAsSigned(workshop: Workshop, { file, document }: Signed, wish: Wish): Promise<Planned> {
  const planned = await planUpgrade(workshop, wish).catch((error: unknown) => {
    throw isGone(error) ? changed(file, ['the installation, which is not there'], error) : error;
  });
  if ('nothingToDo' in planned) {
    throw changed(file, [`the installed version, which was ${document.from} and is ${planned.version}`]);
  }
  const { installation, product } = planned.plan;
  if (installation !== document.installation || product !== document.product) {
    throw elsewhere(file, `a plan of ${document.installation} (${document.product})`, `${installation} (${product})`);
  }
  const changes = changesSince(document, await documentOf(workshop, wish, planned));
  if (changes.length > 0) throw changed(file, changes);
  return { ...planned, plan: asSigned(planned.plan, document) };
}

/** An open run goes on by a plan only where it was begun by that plan. */
export function requireSamePlan({ id, state }: StoredRun, { file, document }: Signed): void {
  const begun = factsOf(state.plan).document;
  if (begun === document.digest) return;
  const other = begun === undefined ? 'none' : `the plan ${begun}`;
  throw new RefitError('E_RUN_OPEN', `Cannot go by the plan ${file}: the open run ${id} was begun by ${other}`, {
    hint: 'refit resume finishes it, refit rollback goes back; then ask again',
  });
}

async function readFile(files: Files, path: string, file: string): Promise<Uint8Array> {
  const there = await files.stat(path);
  if (there === undefined) throw invalidPlan(file, 'no file', 'what refit plan --out wrote');
  try {
    return await files.read(path, { maxBytes: PLAN_MAX_BYTES });
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'E_TOO_LARGE') throw error;
    throw invalidPlan(file, `more than ${PLAN_MAX_BYTES} bytes`, 'a plan that refit wrote');
  }
}

/** Which state and which service is meant must not hang on a file alone. */
function requireSameInstallation(file: string, { wish }: PlanDocument, asked: Wish): void {
  for (const name of ['product', 'installation', 'profile'] as const) {
    const [meant, said] = [asked[name], wish[name]];
    if (meant !== undefined && meant !== said)
      throw elsewhere(file, `--${name} ${meant}`, said ?? `none, as in the plan`);
  }
  if (asked.prefix === wish.prefix) return;
  throw elsewhere(
    file,
    `a plan of ${wish.prefix ?? 'an installation without --prefix'}`,
    `${asked.prefix ?? 'no --prefix'}`,
  );
}

/** It was there when the plan was made, on this same host. */
function isGone(error: unknown): error is RefitError {
  return (
    error instanceof RefitError &&
    (error.code === 'E_INSTALLATION_UNKNOWN' || error.code === 'E_INSTALLATION_AMBIGUOUS')
  );
}

function changed(file: string, changes: readonly string[], cause?: RefitError): RefitError {
  return new RefitError(
    'E_PLAN_CHANGED',
    `Cannot go by the plan ${file}: what it rests on is no longer as it was: ${changes.join('; ')}`,
    {
      hint: `plan anew, and have that signed off: refit plan --to VERSION --out ${file}`,
      facts: { changes: changes.length, first: changes[0] ?? '' },
      cause,
    },
  );
}

function elsewhere(file: string, seen: string, expected: string): RefitError {
  return new RefitError('E_PLAN_ELSEWHERE', `Cannot go by the plan ${file}: saw ${seen}, expected ${expected}`, {
    hint: 'a plan holds for the installation that it was made for: refit plan --to VERSION --out FILE makes one here',
    facts: { file, seen, expected },
  });
}

function twoWishes(file: string, flag: string): RefitError {
  return new RefitError('E_USAGE', `Cannot take both: saw --plan ${file} and ${flagOf(flag)}`, {
    hint: 'the plan says all of that; to change it make another: refit plan',
  });
}
