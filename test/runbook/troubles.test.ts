import { expect, test } from 'vitest';
import { troubleText } from '../../src/runbook/troubles.ts';

const trouble = (key: string) => ({ row: 'hosts', key, before: 'online', after: 'gone' });

test('some of them, and how many more', () => {
  expect(troubleText([trouble('a'), trouble('')])).toBe('hosts a: online -> gone; hosts: online -> gone');
  expect(troubleText([trouble('a'), trouble('b'), trouble('c')], 2)).toMatch(/b: online -> gone; 1 more$/);
  expect(troubleText([])).toBe('');
});
