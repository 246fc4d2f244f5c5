import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { jsonSchemaOf, type SchemaName } from '../../src/document/json-schema.ts';

const compiled = new Map<SchemaName, ValidateFunction>();

/** What a JSON Schema says that ships, asked by somebody else's validator: where a value does not fit it; nothing where it does. */
export function misfits(name: SchemaName, value: unknown): readonly string[] {
  const validate = compiled.get(name) ?? new Ajv2020({ allErrors: true }).compile(jsonSchemaOf(name));
  compiled.set(name, validate);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
}

/** Each line of what a command printed is JSON of that kind. */
export function expectToFit(name: SchemaName, printed: string): void {
  const lines = printed.trimEnd().split('\n');
  expect(lines.flatMap((line) => misfits(name, JSON.parse(line)))).toEqual([]);
}
