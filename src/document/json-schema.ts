import { toJsonSchema } from '@valibot/to-json-schema';
import { EVENT } from './events.ts';
import { PIN } from './pin.ts';
import { PLAN } from './plan.ts';
import { STATUS } from './status.ts';

const SCHEMAS = { plan: PLAN, events: EVENT, status: STATUS, pin: PIN };

/** What there is a schema of; `events` is one line. */
export const SCHEMA_NAMES = Object.keys(SCHEMAS) as readonly SchemaName[];
export type SchemaName = keyof typeof SCHEMAS;

/** A JSON Schema, draft 2020-12. Made from what refit itself reads such a document by, where it reads one. */
export function jsonSchemaOf(name: SchemaName): object {
  return { ...toJsonSchema(SCHEMAS[name], { target: 'draft-2020-12' }), title: `refit ${name}` };
}
