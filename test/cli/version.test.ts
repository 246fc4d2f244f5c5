import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';

test('the version that is told is the one that is packed', () => {
  const text = fs.readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: VERSION });
});
