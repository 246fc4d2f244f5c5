import { beforeAll, describe, expect, test } from 'vitest';
import { builtinProfile, builtinProfiles, profileManual } from '../../src/product/builtin.ts';
import { loadProfile } from '../../src/product/load.ts';
import { type Profile, profileSchema } from '../../src/product/schema.ts';

const loaded = new Map<string, Profile>();
let manual = '';

beforeAll(async () => {
  for (const [file, text] of await builtinProfiles()) loaded.set(file, loadProfile({ file, text }));
  manual = await profileManual();
});

function profile(file: string): Profile {
  const found = loaded.get(file);
  if (found === undefined) throw new Error(`no profile ${file}`);
  return found;
}

/** Every key of a schema, through options, lists and variants. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = schema as Record<string, unknown>;
  const entries = (inner['entries'] ?? {}) as Record<string, unknown>;
  const wrapped = [inner['wrapped'], inner['item'], inner['value'], ...((inner['options'] ?? []) as unknown[])];
  const piped = (inner['pipe'] ?? []) as unknown[];
  return [...Object.keys(entries), ...[...Object.values(entries), ...wrapped, ...piped.slice(0, 1)].flatMap(inside)];
  function inside(child: unknown): readonly string[] {
    return child === schema ? [] : keysOf(child);
  }
}

test('every built-in profile loads, and its file is named for its product', () => {
  expect([...loaded.keys()]).toEqual(['dockmesh-agent.yaml', 'dockmesh.yaml', 'sample.yaml']);
  for (const [file, { product }] of loaded) expect(file).toBe(`${product}.yaml`);
});

test('every built-in profile survives JSON: the build writes it down read', async () => {
  for (const [file, profile] of loaded) {
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    expect(await builtinProfile(file)).toEqual(profile);
  }
});

describe('the manual', () => {
  test('is a valid profile', () => {
    expect(loadProfile({ file: 'profile-manual.yaml', text: manual }).product).toBe('my-server');
  });

  test('shows every key there is', () => {
    const keys = [...new Set(keysOf(profileSchema))];
    expect(keys.length).toBeGreaterThan(80);
    expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(manual))).toEqual([]);
  });
});

test.each([
  ['dockmesh.yaml', 'dockmesh v0.2.13 (commit 7448720, built 2026-05-03T14:51:50Z)\n', 'v0.2.13', '7448720'],
  ['dockmesh-agent.yaml', 'dockmesh-agent v0.2.13 linux/amd64 (commit 7448720, built x)\n', 'v0.2.13', '7448720'],
  ['sample.yaml', 'sample v0.2.8 (commit abc, built x)\n', 'v0.2.8', 'abc'],
])('%s reads its version line', (file, line, version, commit) => {
  const groups = new RegExp(profile(file).binary.version.pattern, 'u').exec(line)?.groups;
  expect({ ...groups }).toEqual({ version, commit });
});

test("neither binary's version line is taken for the other's", () => {
  expect(
    new RegExp(profile('dockmesh.yaml').binary.version.pattern, 'u').test('dockmesh-agent v1 linux/amd64 (commit x, b'),
  ).toBe(false);
});

test('the agent is watched for longer than its unit waits before a restart', () => {
  expect(profile('dockmesh-agent.yaml').health.soak).toBeGreaterThan(10_000);
});

test('a profile is plain data, so that a plan in a journal can carry parts of it', () => {
  const dockmesh = profile('dockmesh.yaml');
  expect(JSON.parse(JSON.stringify(dockmesh))).toEqual(dockmesh);
});
