import { RefitError } from '../errors.ts';
import { type Catalogue, catalogueOf } from '../version/catalogue.ts';
import type { Workshop } from './workshop.ts';

/** Tens of thousands of tags. */
const MAX_BYTES = 4 * 2 ** 20;

/** The catalogue that an absolute path names: a JSON array of versions, or a directory of releases. Rejects with E_CATALOGUE. */
export async function readCatalogue({ host, releases }: Workshop, path: string): Promise<Catalogue> {
  const there = await host.files.stat(path);
  if (there === undefined)
    throw refused(path, 'there is nothing', 'a JSON array of versions, or a directory of releases');
  if (there.type === 'directory') return catalogueOf(await releases.tags({ from: path, repository: undefined }));
  const text = (await host.files.read(path, { maxBytes: MAX_BYTES })).toString('utf8');
  return catalogueOf(tagsIn(path, text));
}

function tagsIn(path: string, text: string): readonly string[] {
  const expected = 'a JSON array of versions';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(path, 'no JSON', expected);
  }
  if (!Array.isArray(value)) throw refused(path, `a JSON ${value === null ? 'null' : typeof value}`, expected);
  const stray = value.find((each) => typeof each !== 'string');
  if (stray !== undefined) throw refused(path, `${JSON.stringify(stray).slice(0, 60)} among them`, expected);
  return value;
}

function refused(path: string, saw: string, expected: string): RefitError {
  return new RefitError('E_CATALOGUE', `Cannot read the catalogue ${path}: saw ${saw}, expected ${expected}`, {
    hint: '["2.4.6", "2.5.15"] is one',
    facts: { file: path },
  });
}
