import { expect, test } from 'vitest';
import { startTimeIn, startTimeOf } from '../../src/host/process-facts.ts';

const line = (name: string, state: string) =>
  `7 (${name}) ${state} ${Array.from({ length: 18 }, (_, index) => index + 4).join(' ')} 4711 23 24`;

test('the start time is field 22, whatever the name holds', () => {
  for (const name of ['sh', 'a b', ') R 1 (', '(']) expect(startTimeIn(line(name, 'S'))).toBe('4711');
});

test('what is dead and not reaped yet has none', () => {
  for (const state of ['Z', 'X']) expect(startTimeIn(line('sh', state))).toBeUndefined();
});

test('our own is there, that of a process that cannot be is not', async () => {
  expect(await startTimeOf(process.pid)).toMatch(/^\d+$/);
  expect(await startTimeOf(2 ** 30)).toBeUndefined();
});
