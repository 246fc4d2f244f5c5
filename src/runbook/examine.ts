import { RefitError } from '../errors.ts';
import { runChecks } from './checks/all.ts';
import type { Judged } from './checks/judge.ts';
import { findAll, requireFound } from './find.ts';
import { assemble, plannedFiles } from './gather.ts';
import { peek } from './peek.ts';
import { installedVersion, optionsOf } from './plan-upgrade.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

export interface ExaminedProduct {
  readonly product: string;
  /** Undefined: not on this host. */
  readonly installation: string | undefined;
  /** Why it cannot be looked at, or was not found. */
  readonly problem: string | undefined;
  readonly checks: readonly Judged[];
  /** What an API token of this product would be good for. */
  readonly token: string | undefined;
}

export interface Examined {
  readonly systemd: boolean;
  readonly uid: number;
  readonly stateDirectory: string;
  readonly products: readonly ExaminedProduct[];
}

/** Looks at everything an upgrade would look at, without a release to go to. Changes nothing. */
export async function examine(workshop: Workshop, wish: Wish): Promise<Examined> {
  const { host, stateDirectory, systemd } = workshop;
  const installed = await findAll(workshop, wish);
  const products: ExaminedProduct[] = [];
  for (const { product, agents } of await workshop.profiles(wish.profile)) {
    if (wish.product !== undefined && wish.product !== product) continue;
    const token =
      agents === undefined
        ? undefined
        : '--token-file: a token of a role with read, audit.read and user.manage lets refit hold its agents back and compare its health with before';
    const candidate = installed.find(({ profile }) => profile.product === product);
    if (candidate === undefined) {
      products.push({ product, installation: undefined, problem: 'no unit of it', checks: [], token });
      continue;
    }
    products.push({ product, installation: candidate.name, token, ...(await look(workshop, { ...wish, product })) });
  }
  return { systemd: systemd !== undefined, uid: host.identity.uid, stateDirectory, products };
}

async function look(workshop: Workshop, wish: Wish): Promise<Pick<ExaminedProduct, 'problem' | 'checks'>> {
  try {
    const found = await requireFound(workshop, wish);
    const version = await installedVersion(workshop, found);
    const files = await plannedFiles(workshop, found, () => '', []);
    // To where it is already: no crossing lies between.
    const target = { kind: 'generation', version: version.version, root: '', run: '' } as const;
    const facts = await assemble(workshop, {
      found,
      version,
      target,
      files,
      options: optionsOf(wish),
      deadlineMs: undefined,
    });
    const looked = await peek(workshop, found.profile, found.installation);
    return { problem: undefined, checks: await runChecks({ workshop, found, facts, peek: looked }) };
  } catch (error) {
    if (error instanceof RefitError) return { problem: error.message, checks: [] };
    throw error;
  }
}
