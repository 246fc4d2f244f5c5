import * as v from 'valibot';
import { RefitError } from '../errors.ts';
import { digestOf } from './canonical.ts';
import { DOCUMENT, type PlanDocument } from './plan.ts';
import { PLAN_FORMAT } from './plan-format.ts';

/** Release notes of many versions are the most of it. */
export const PLAN_MAX_BYTES: number = 16 * 2 ** 20;

/** Reads a plan that somebody hands in. Nothing of it is believed before all of it is understood: E_PLAN_INVALID, E_PLAN_NEWER. */
export function parsePlan(data: Uint8Array, path: string): PlanDocument {
  const value = parsed(data, path);
  const format: unknown = value['format'];
  if (typeof format === 'number' && format > PLAN_FORMAT) throw newer(path, format);
  const { success, output, issues } = v.safeParse(DOCUMENT, value, { abortEarly: true });
  if (!success) throw invalidPlan(path, problemOf(issues[0]), 'a plan that refit wrote');
  const digest = digestOf(output);
  if (digest !== output.digest) {
    throw invalidPlan(path, `the digest ${output.digest}`, `${digest} of what it says: it was edited`);
  }
  return output;
}

/** Whether a file's text is a plan of refit, of any format and intact or not: one that may be written over. */
export function isPlan(data: Uint8Array): boolean {
  try {
    const { format, digest, hops } = parsed(data, '');
    return typeof format === 'number' && typeof digest === 'string' && Array.isArray(hops);
  } catch {
    return false;
  }
}

export function invalidPlan(path: string, seen: string, expected: string): RefitError {
  return new RefitError('E_PLAN_INVALID', `Cannot go by the plan ${path}: saw ${seen}, expected ${expected}`, {
    hint: `make it anew: refit plan --to VERSION --out ${path}`,
    facts: { path, seen, expected },
  });
}

function parsed(data: Uint8Array, path: string): Readonly<Record<string, unknown>> {
  const refuse = (seen: string): RefitError => invalidPlan(path, seen, 'one JSON object');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    throw refuse(data.length === 0 ? 'an empty file' : 'no JSON, or not all of it');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('other JSON');
  return value as Readonly<Record<string, unknown>>;
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const at = v.getDotPath(issue) ?? 'it';
  return issue.type === 'strict_object'
    ? `${at}, which is missing or unknown`
    : `${issue.received} as ${at}`.slice(0, 200);
}

function newer(path: string, format: number): RefitError {
  return new RefitError(
    'E_PLAN_NEWER',
    `Cannot go by the plan ${path}: saw the format ${format}, expected ${PLAN_FORMAT}`,
    {
      hint: 'a newer refit wrote it: use that one, or make it anew with this',
      facts: { path, format },
    },
  );
}
