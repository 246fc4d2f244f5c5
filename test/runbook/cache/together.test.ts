import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scratch } from '../../host/scratch.ts';

const run = promisify(execFile);
const CHURN = path.join(import.meta.dirname, 'children/churn.ts');

test('three processes that keep, take, damage and prune at once never get other bytes than they asked for', async () => {
  const root = scratch();
  const cache = path.join(root, 'cache/sha256');
  const child = async (name: string): Promise<Readonly<Record<string, number>>> => {
    const { stdout } = await run(process.execPath, [CHURN, cache, path.join(root, name), '60']);
    return JSON.parse(stdout) as Readonly<Record<string, number>>;
  };
  const counts = await Promise.all([child('a'), child('b'), child('c')]);
  process.stderr.write(`cache: ${JSON.stringify(counts)}\n`);
  const sum = (key: string) => counts.reduce((total, each) => total + (each[key] ?? 0), 0);
  expect(sum('taken') + sum('absent') + sum('damaged')).toBe(180);
  expect(sum('taken')).toBeGreaterThan(0);
  for (const name of fs.readdirSync(cache)) {
    const bytes = fs.readFileSync(path.join(cache, name));
    if (bytes.toString() !== 'damaged') expect(createHash('sha256').update(bytes).digest('hex')).toBe(name);
  }
});
