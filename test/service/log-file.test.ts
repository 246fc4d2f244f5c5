import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeFiles } from '../../src/host/node-files.ts';
import { fileCursor, fileSince } from '../../src/service/log-file.ts';

const files = nodeFiles(plainEffects);

function logPath(): string {
  const at = mkdtempSync(join(tmpdir(), 'refit-log-'));
  onTestFinished(() => rmSync(at, { recursive: true }));
  return join(at, 'log');
}

test('gives what came after the cursor, the newest of it', async () => {
  const path = logPath();
  writeFileSync(path, 'old\n');
  const cursor = await fileCursor(files, path);
  expect(await fileSince(files, path, cursor, 9)).toEqual([]);
  appendFileSync(path, 'a\nb\nunfinished');
  expect(await fileSince(files, path, cursor, 9)).toEqual(['a', 'b', 'unfinished']);
  expect(await fileSince(files, path, cursor, 2)).toEqual(['b', 'unfinished']);
});

test('a log that is new, replaced or cut is read from its start', async () => {
  const path = logPath();
  const none = await fileCursor(files, path);
  expect(await fileSince(files, path, none, 9)).toEqual([]);
  writeFileSync(path, 'first\n');
  expect(await fileSince(files, path, none, 9)).toEqual(['first']);
  const cursor = await fileCursor(files, path);
  writeFileSync(`${path}.new`, 'replaced, and longer than before\n');
  renameSync(`${path}.new`, path);
  expect(await fileSince(files, path, cursor, 9)).toEqual(['replaced, and longer than before']);
  const longer = await fileCursor(files, path);
  truncateSync(path, 0);
  appendFileSync(path, 'cut\n');
  expect(await fileSince(files, path, longer, 9)).toEqual(['cut']);
});
