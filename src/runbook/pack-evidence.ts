import type { Ownership } from '../host/files.ts';
import { factsOf } from './facts.ts';
import { redact, secretsIn } from './redact.ts';
import type { StoredRun } from './store/runs.ts';
import { summaryOf } from './store/state.ts';
import type { Workshop } from './workshop.ts';

/** Of each file: a longer log is cut at its beginning. */
const MAX_BYTES = 8 * 2 ** 20;
const PACK_TIMEOUT_MS = 120_000;

const README = `What refit kept of one run, for whoever looks for the reason it failed.

about.json             the run: what it was to do, how it ended
journal.jsonl          every step; the sums no longer fit where a secret was taken out
events.ndjson          what was shown
evidence/              what was proven of the release; what the service said, and its configuration, if the run failed

Values of variables that name a secret, keys, tokens and passwords are replaced by [redacted]. Look through it before you
give it to somebody: names of hosts, users and paths are in it.
`;

/** Packs what is kept of a run into a new .tar.gz at `to`, without secrets. Resolves with the names in it. E_FILE if something is there. */
export async function packEvidence(
  { host }: Pick<Workshop, 'host'>,
  { id, state, paths, window }: StoredRun,
  to: string,
  owner: Ownership,
): Promise<readonly string[]> {
  const { files, commands } = host;
  const name = `refit-evidence-${state.plan.installation}-${id}`;
  const work = `${paths.directory}/pack`;
  const root = `${work}/${name}`;
  const secrets = secretsIn(factsOf(state.plan).installation.scope.env);
  const packed: string[] = [];
  const put = async (inside: string, text: string): Promise<void> => {
    await files.writeAtomic(`${root}/${inside}`, redact(text, secrets), { mode: 0o600 });
    packed.push(inside);
  };
  const take = async (from: string, inside: string): Promise<void> => {
    const there = await files.stat(from);
    if (there?.type === 'directory') {
      await files.makeDirectory(`${root}/${inside}`, { mode: 0o700 });
      for (const child of await files.list(from)) await take(`${from}/${child}`, `${inside}/${child}`);
    } else if (there?.type === 'file') {
      const tail = await files.readFrom(from, Math.max(0, there.size - MAX_BYTES), MAX_BYTES);
      await put(inside, tail.toString('utf8'));
    }
  };
  // A pack that was killed.
  await files.removeTree(work);
  try {
    await files.makeDirectory(root, { mode: 0o700 });
    await put('README.txt', README);
    await put('about.json', `${JSON.stringify(summaryOf({ id, state, paths, window }), null, 2)}\n`);
    await take(paths.journal, 'journal.jsonl');
    await take(paths.events, 'events.ndjson');
    await take(paths.evidence, 'evidence');
    const archive = `${work}/pack.tar.gz`;
    await commands.must(['tar', '--create', '--gzip', `--file=${archive}`, `--directory=${work}`, name], {
      timeoutMs: PACK_TIMEOUT_MS,
    });
    // Not by tar itself: in a directory of somebody else's, root must not follow a link that waits there under this name.
    await files.writeNew(to, files.stream(archive), owner);
    return packed;
  } finally {
    await files.removeTree(work);
  }
}
