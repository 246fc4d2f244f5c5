import { expect, test } from 'vitest';
import { parseEntries } from '../../src/service/journal.ts';

test.each([
  ['nothing', '', []],
  ['a line', '{"__CURSOR":"s=1","MESSAGE":"ready"}\n', [{ cursor: 's=1', lines: ['ready'] }]],
  ['several lines in one message', '{"__CURSOR":"s=1","MESSAGE":"a\\nb"}\n', [{ cursor: 's=1', lines: ['a', 'b'] }]],
  ['bytes that are no UTF-8', '{"__CURSOR":"s=1","MESSAGE":[104,105,255]}\n', [{ cursor: 's=1', lines: ['hi\ufffd'] }]],
  ['an entry without a message', '{"__CURSOR":"s=1"}\n', [{ cursor: 's=1', lines: [''] }]],
  ['a last line that was cut off', '{"__CURSOR":"s=1","MESSAGE":"a"}\n{"__CUR', [{ cursor: 's=1', lines: ['a'] }]],
])('%s', (_, text, entries) => {
  expect(parseEntries(text)).toEqual(entries);
});
