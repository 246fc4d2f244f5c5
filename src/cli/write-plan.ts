import type { PlanDocument } from '../document/plan.ts';
import { isPlan, PLAN_MAX_BYTES, parsePlan } from '../document/read-plan.ts';
import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';

/** Writes a plan to be signed off. A file that is something else stays: a slip of the finger must not cost one. */
export async function writePlan(files: Files, path: string, document: PlanDocument): Promise<void> {
  await requireOurs(files, path);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  // What could not be read back is not written either.
  parsePlan(Buffer.from(text), path);
  await files.writeAtomic(path, text, { mode: 0o600 });
}

async function requireOurs(files: Files, path: string): Promise<void> {
  const there = await files.stat(path);
  if (there === undefined) return;
  const small = there.type === 'file' && there.size <= PLAN_MAX_BYTES;
  if (small && isPlan(await files.read(path, { maxBytes: PLAN_MAX_BYTES }))) return;
  const saw = there.type === 'file' ? 'another file there' : `a ${there.type} there`;
  throw new RefitError('E_FILE', `Cannot write the plan to ${path}: saw ${saw}, expected nothing or a plan of refit`, {
    hint: 'name another file: --out plan.json',
  });
}
