import { expect, test } from 'vitest';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';
import { journalCursor, parseLines } from '../../src/service/journal.ts';

test.each([
  ['nothing', '', []],
  ['a line', '{"MESSAGE":"ready"}\n', ['ready']],
  ['several lines in one message', '{"MESSAGE":"a\\nb"}\n{"MESSAGE":"c"}\n', ['a', 'b', 'c']],
  ['bytes that are no UTF-8', '{"MESSAGE":[104,105,255]}\n', ['hi\ufffd']],
  ['an entry without a message', '{"__CURSOR":"s=1"}\n', ['']],
  ['a last line that was cut off', '{"MESSAGE":"a"}\n{"__CUR', ['a']],
])('%s', (_, text, lines) => {
  expect(parseLines(text)).toEqual(lines);
});

test('a cursor is a place in time, in this boot', async () => {
  const host = nodeHost(plainEffects, readIdentity());
  const [first, second] = [await journalCursor(host), await journalCursor(host)];
  const [, boot, at = ''] = /^b=([0-9a-f]{32});m=([0-9a-f]+);t=[0-9a-f]+$/.exec(first) ?? [];
  expect(second).toContain(`b=${boot};`);
  const later = /m=([0-9a-f]+)/.exec(second)?.[1] ?? '';
  expect(Number.parseInt(later, 16)).toBeGreaterThan(Number.parseInt(at, 16));
});
