import { expect, test } from 'vitest';
import type { Profile } from '../../src/product/schema.ts';
import { guardSchema, isAdditive } from '../../src/runbook/schema-guard.ts';

const span = { from: 'v0.2.9', to: 'v0.2.13' };
const migrate = (...additive: readonly { readonly from: string; readonly to: string }[]): Profile['migrate'] => ({
  argv: ['migrate'],
  env: {},
  database: '/scratch/a.db',
  timeout: 1_000,
  failure_lines: [],
  additive: [...additive],
});

test.each([
  ['knows all', ['1', '2'], ['1', '2'], { keeps: true, because: 'known' }],
  ['knows more', ['1', '2', '3'], ['1', '2'], { keeps: true, because: 'known' }],
  ['lacks one', ['1'], ['1', '2'], { keeps: false, because: 'foreign', foreign: ['2'] }],
  ['was never asked', undefined, ['1'], { keeps: false, because: 'unlearned' }],
  ['of data that could not be read', ['1'], undefined, { keeps: false, because: 'unlearned' }],
  ['of data without a row', ['1'], [], { keeps: false, because: 'unlearned' }],
] as const)('an older version that %s', (_, known, applied, choice) => {
  for (const rules of [undefined, migrate()]) {
    expect(guardSchema({ known, newer: known, applied, span, migrate: rules })).toEqual(choice);
  }
});

test.each([
  ['known or not', ['1', '2'], ['1', '2'], { keeps: true, because: 'additive' }],
  [
    'but not what a third version left',
    ['1', '2'],
    ['1', '2', '3'],
    { keeps: false, because: 'foreign', foreign: ['2', '3'] },
  ],
  [
    'but not where nobody knows what it added',
    undefined,
    ['1', '2'],
    { keeps: false, because: 'foreign', foreign: ['2'] },
  ],
  ['but not data that could not be read', ['1', '2'], undefined, { keeps: false, because: 'unlearned' }],
] as const)('a span that the profile calls additive keeps the data, %s', (_, newer, applied, choice) => {
  expect(guardSchema({ known: ['1'], newer, applied, span, migrate: migrate(span) })).toEqual(choice);
});

const ADDED = { newer: ['1', '2'], added: ['2'] };

test.each([
  ['the same', { from: 'v0.2.9', to: 'v0.2.13' }, true],
  ['wider', { from: 'v0.1.0', to: 'v0.3.0' }, true],
  ['begun later', { from: 'v0.2.10', to: 'v0.2.13' }, false],
  ['ended sooner', { from: 'v0.2.9', to: 'v0.2.12' }, false],
  ['the other way', { from: 'v0.2.13', to: 'v0.2.9' }, false],
  ['without v', { from: '0.2.9', to: '0.2.13' }, true],
])('a span that is %s', (_, additive, covered) => {
  expect(isAdditive(migrate(additive), span, ADDED)).toBe(covered);
});

test('two spans that touch are not one: nobody said that it is', () => {
  const spans = migrate({ from: 'v0.2.9', to: 'v0.2.11' }, { from: 'v0.2.11', to: 'v0.2.13' });
  expect(isAdditive(spans, span, ADDED)).toBe(false);
});

test('a way down to what is older is no span', () => {
  const down = { from: 'v0.2.13', to: 'v0.2.9' };
  expect(isAdditive(migrate({ from: 'v0.2.0', to: 'v0.3.0' }), down, ADDED)).toBe(false);
});
