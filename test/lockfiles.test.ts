import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '..');

/** Whether npm could ever fetch it where refit is developed. */
const installable = ({ os = [], cpu = [], libc = [] }: Entry): boolean =>
  (os.length === 0 || os.includes('linux')) &&
  (cpu.length === 0 || cpu.includes('x64') || cpu.includes('arm64')) &&
  (libc.length === 0 || libc.includes('glibc'));

describe.each(['.', 'tools/node', 'tools/node22'])('the lockfile of %s', (folder) => {
  const file = path.join(root, folder, 'package-lock.json');
  const { packages } = JSON.parse(fs.readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
  const entries = Object.entries(packages).filter(([name]) => name !== '');

  test('names no registry', () => {
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  test('proves whatever Linux could install', () => {
    const unproven = entries.filter(([, entry]) => installable(entry) && entry.integrity === undefined);
    expect(unproven).toEqual([]);
  });

  // Or `npm ci` refuses it wherever the registry lacks such a package: run `npm run lock`.
  test('names every optional package of every platform', () => {
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });
});
