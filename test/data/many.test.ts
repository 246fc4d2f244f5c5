import { expect, test } from 'vitest';
import { forMany, inputOf, together } from '../../src/data/many.ts';
import { realHost } from './workbench.ts';

test('names of any bytes reach the command, each once', async () => {
  const names = ['a b', 'new\\nline', '\\377', '-n'];
  const input = inputOf(names.map((name) => ({ at: '/d', name })));
  const { stdout } = await realHost().commands.query(forMany(['printf', '<%q>']), { timeoutMs: 10_000, input });
  expect(stdout).toBe("<'/d/a b'><'/d/new'$'\\n''line'><'/d/'$'\\377'></d/-n>");
});

test('nothing starts nothing', async () => {
  const { stdout } = await realHost().commands.query(forMany(['echo', 'x']), { timeoutMs: 10_000, input: inputOf([]) });
  expect(stdout).toBe('');
});

test('what belongs together is never split, and what does not is', () => {
  const paths = Array.from({ length: 9000 }, (_, index) => ({ at: '/d', name: `${index}`.padEnd(200, 'x') }));
  const parts = together(paths, ({ name }) => `${Math.trunc(Number.parseInt(name, 10) / 1000)}`);
  expect(parts.flat()).toEqual(paths);
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) expect(part.length % 1000).toBe(0);
});
