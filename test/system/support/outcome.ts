import { expect } from 'vitest';
import type { Contents } from './database.ts';
import type { Dockmesh } from './dockmesh.ts';
import { NEW, OLD } from './releases.ts';

/** What was true of an installation before anything was done to it. */
export interface Before {
  readonly contents: Contents;
  /** Digest, mode and owner of each file of the data but the database and what containers write. */
  readonly data: string;
}

export function look(dockmesh: Dockmesh): Before {
  return { contents: dockmesh.contents(), data: dockmesh.dataFiles() };
}

const withoutSchema = ({ tables }: Contents): object => {
  const { schema_migrations: _, ...rest } = tables;
  return rest;
};

interface Expected {
  readonly releasesDir: string;
  readonly before: Before;
  /** Default v0.2.13. */
  readonly version?: string;
}

/** Wholly new: files, answer, schema, every row that was there, and nothing of the run left. */
export async function expectNew(dockmesh: Dockmesh, { releasesDir, before, version = NEW }: Expected): Promise<void> {
  await expectRunning(dockmesh, releasesDir, version);
  const now = look(dockmesh);
  expect(now.contents.schema).toEqual([
    ...before.contents.schema,
    '034_backup_needs_review.sql',
    '035_backup_review_acked.sql',
  ]);
  expect(keysOf(now.contents)).toEqual(keysOf(before.contents));
  expect(now.data).toBe(before.data);
}

/** Rows by table, without the columns a migration added. */
function keysOf(contents: Contents): object {
  return JSON.parse(
    JSON.stringify(withoutSchema(contents), (key, value) =>
      /^(needs_review|review_acked)$/.test(key) ? undefined : value,
    ),
  );
}

/** Wholly old: the same, with the database as it was, schema and all. */
export async function expectOld(dockmesh: Dockmesh, { releasesDir, before, version = OLD }: Expected): Promise<void> {
  await expectRunning(dockmesh, releasesDir, version);
  expect(look(dockmesh)).toEqual(before);
}

async function expectRunning(dockmesh: Dockmesh, releasesDir: string, version: string): Promise<void> {
  expect(await dockmesh.untilAnswers()).toBe(version);
  expect(dockmesh.filesOf(releasesDir, version)).toEqual([]);
  expect(await dockmesh.status()).toBe(`dockmesh.service is active (running) at ${version} and answers`);
  expect(dockmesh.leftovers()).toEqual([]);
}
