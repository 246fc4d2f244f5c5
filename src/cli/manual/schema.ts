import { jsonSchemaOf, SCHEMA_NAMES } from '../../document/json-schema.ts';
import { RefitError } from '../../errors.ts';

/** The JSON Schema of one kind of document. */
export function schemaNamed(name: string | undefined): object {
  const known = SCHEMA_NAMES.find((each) => each === name);
  if (known !== undefined) return jsonSchemaOf(known);
  const expected = SCHEMA_NAMES.join(', ');
  throw new RefitError('E_USAGE', `Cannot find the schema "${name ?? ''}": expected one of ${expected}`, {
    hint: 'refit docs schema plan',
  });
}
