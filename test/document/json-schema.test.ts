import { describe, expect, test } from 'vitest';
import { jsonSchemaOf, SCHEMA_NAMES } from '../../src/document/json-schema.ts';
import { pinText } from '../../src/release/pin.ts';
import { misfits } from '../support/json-schema.ts';
import { planDocument } from './made.ts';

const SHA = 'b'.repeat(64);
const asset = { name: 'a.tar.gz', arch: 'amd64', url: 'https://mirror/a.tar.gz', size: 3, sha256: SHA } as const;
const pin = JSON.parse(pinText({ product: 'sample', version: 'v1.0.0', assets: [asset] }));
const event = { seq: 1, at: '2026-01-02T03:04:05.678Z' };

test.each(SCHEMA_NAMES)('%s is of draft 2020-12, and no object in it is open', (name) => {
  const schema = jsonSchemaOf(name);
  expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: `refit ${name}` });
  const objects = [...JSON.stringify(schema).matchAll(/"type":"object"/g)].length;
  const closed = [...JSON.stringify(schema).matchAll(/"additionalProperties":/g)].length;
  expect(objects).toBeGreaterThan(0);
  expect(closed).toBe(objects);
});

describe('what fits', () => {
  test.each([
    ['plan', planDocument()],
    ['plan', { nothingToDo: true, installation: 'a', product: 'a', version: 'v1.0.0', passedBy: [] }],
    ['events', { ...event, type: 'worker.start', pid: 7, by: 'ada' }],
    ['events', { ...event, type: 'step.fail', step: 0, title: 't', code: 'E_IO', message: 'm' }],
    ['events', { error: { code: 'E_USAGE', message: 'm', hint: 'h', facts: { n: 1 } } }],
    ['status', { installations: [] }],
    ['pin', pin],
  ] as const)('%s, %#', (name, value) => {
    expect(misfits(name, value)).toEqual([]);
  });
});

describe('what does not', () => {
  test.each([
    ['plan', { ...planDocument(), more: 1 }],
    ['plan', { ...planDocument(), digest: 'short' }],
    ['plan', {}],
    ['events', { ...event, seq: 0, type: 'run.turn', reason: 'failure' }],
    ['events', { ...event, type: 'no.such', reason: 'failure' }],
    ['events', { ...event, type: 'run.end', outcome: 'well' }],
    ['status', { installations: [{}] }],
    ['pin', { ...pin, assets: [] }],
    ['pin', { ...pin, assets: [{ ...asset, url: 'file:///etc/shadow' }] }],
  ] as const)('%s, %#', (name, value) => {
    expect(misfits(name, value)).not.toEqual([]);
  });
});
