import { createHash } from 'node:crypto';
import { canonicalJson } from '../../document/canonical.ts';
import type { PlanDocument } from '../../document/plan.ts';
import type { Plan } from '../../engine/plan.ts';
import { RefitError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { envText } from '../env-text.ts';
import { type Facts, factsOf, factsOfHops } from '../facts.ts';
import type { HostKey } from './host-key.ts';

type Seen = PlanDocument['facts'][number];

/**
 * What a plan rests on, by names that end the sentence "it is no longer as it was: …". What may hold a secret is a keyed
 * digest. What a run learns or measures anew (times, free space, the size of the data) is left out: it binds nobody.
 */
export async function factsSeen(host: Pick<Host, 'files'>, plan: Plan, key: HostKey): Promise<readonly Seen[]> {
  const facts = factsOf(plan);
  const hops = factsOfHops(plan);
  const { installation, profile, options } = facts;
  const { version, commit, envFile, title, unit } = installation;
  const others = facts.keepsakes.filter((path) => path !== envFile);
  const { embedded, user, workingDirectory, manager } = installation;
  const runs = [embedded ?? null, user ?? null, workingDirectory, manager, await contents(host, others)];
  return [
    { what: 'the installed version', is: commit === undefined ? version : `${version} (${commit})` },
    { what: 'what is installed', is: digest(await filesThere(host, facts)) },
    {
      what: `the env file ${envFile ?? ''}`.trim(),
      is: envFile === undefined ? 'none' : key(await content(host, envFile)),
    },
    { what: `the unit ${unit}`, is: key(canonicalJson(runs)) },
    { what: `the profile of ${title}`, is: digest(profile) },
    { what: 'where its data lies', is: digest([facts.data, facts.database ?? null, facts.generations]) },
    { what: 'what is put in place', is: digest(hops.map((hop) => [hop.files, hop.options.copies])) },
    { what: 'an API token', is: options.token ? 'given' : 'not given' },
    ...hops.flatMap(({ target }) => {
      if (target.kind !== 'release' || target.manifest === undefined) return [];
      const { sequence, sha256 } = target.manifest;
      return [{ what: `the signed manifest of ${target.tag}`, is: `sequence ${sequence}, ${sha256}` }];
    }),
  ];
}

/** The files that will be replaced. */
async function filesThere({ files }: Pick<Host, 'files'>, facts: Facts): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const { target } of facts.files) {
    const there = await files.stat(target);
    const is =
      there === undefined
        ? 'none'
        : await readable(async () => (await files.digest(await files.realPath(target))).sha256);
    seen.push(`${target} ${is}`);
  }
  return seen;
}

async function contents(host: Pick<Host, 'files'>, paths: readonly string[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const path of paths) texts.push(path, await content(host, path));
  return texts;
}

function content({ files }: Pick<Host, 'files'>, path: string): Promise<string> {
  return readable(() => envText(files, path));
}

/** A plan needs no root: what its maker may not read is told as that, and is another thing to who may. */
async function readable(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RefitError) return error.code;
    throw error;
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
