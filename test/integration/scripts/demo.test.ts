import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BREAKS, type DemoBreak, demoOptions } from '../../../scripts/demo/options.ts';
import { isKept, promisedOf } from '../../../scripts/demo/promise.ts';

const DEMO = path.resolve(import.meta.dirname, '../../../scripts/demo.mjs');
const SLOW = 120_000;

interface Played {
  readonly status: number | null;
  readonly out: string;
  /** What is left in its temporary directory, and which processes know of it. */
  readonly left: readonly string[];
}

/** The whole demonstration, without a terminal, in a temporary directory of the test's own. */
function play(...args: readonly string[]): Played {
  const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-demo-test-'));
  onTestFinished(() => fs.rmSync(tmp, { recursive: true, force: true }));
  const { status, stdout } = spawnSync(process.execPath, [DEMO, ...args], {
    env: { ...process.env, TMPDIR: tmp },
    input: '',
    encoding: 'utf8',
  });
  return { status, out: stdout, left: [...fs.readdirSync(tmp), ...processesAt(tmp)] };
}

function processesAt(directory: string): readonly string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((cmdline) => cmdline.includes(directory));
}

describe('the demonstration', () => {
  test(
    'upgrades, shows the window, and leaves nothing behind',
    () => {
      const { status, out, left } = play();
      expect(out).toContain('refit ended with exit status 0: done, as asked.\n  v0.2.13 answers, with all the data');
      expect(out).toMatch(/It was away for \d+ ms/);
      expect(out).toContain('$ refit upgrade --to v0.2.x ');
      expect(out).toContain('$ refit status --prefix ');
      expect(out).toContain('$ refit history --prefix ');
      expect({ status, left }).toEqual({ status: 0, left: [] });
    },
    SLOW,
  );

  test.each(Object.keys(BREAKS) as DemoBreak[])(
    '--break %s: the old version answers with its data, and nothing is left behind',
    (mode) => {
      const { status, out, left } = play('--break', mode);
      expect(out).toMatch(
        new RegExp(`refit ended with exit status ${BREAKS[mode]}: .*\n  v0\\.2\\.8 answers, with all`),
      );
      expect({ status, left }).toEqual({ status: 0, left: [] });
    },
    SLOW,
  );

  test('a word it does not know is refused before anything is made', () => {
    const { status, left } = play('--break', 'everything');
    expect({ status, left }).toEqual({ status: 2, left: [] });
  });
});

test('options', () => {
  expect(demoOptions(['--break', 'boot', '--keep'])).toEqual({ break: 'boot', keep: true, help: false });
  expect(() => demoOptions(['--break', 'toString'])).toThrow('Unknown way to break a release "toString"');
  expect(() => demoOptions(['--brake', 'boot'])).toThrow('--brake');
});

describe('what refit promises is broken by', () => {
  const data = ['2026-01-01 seed day 1'];
  const old = { version: 'v0.2.8', data };
  const promised = promisedOf('health');
  test('nothing here', () => {
    expect(isKept(promised, 7, old, { version: 'v0.2.8', data: [...data, 'a boot'] })).toBe(true);
  });
  test.each([
    ['another status', 0, old],
    ['the new version', 7, { version: 'v0.2.13', data }],
    ['no answer', 7, { version: undefined, data: [] }],
    ['data that is gone', 7, { version: 'v0.2.8', data: ['a boot'] }],
  ])('%s', (_name, status, after) => {
    expect(isKept(promised, status, old, after)).toBe(false);
  });
});
