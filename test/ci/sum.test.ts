import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../.ci/sum.mjs');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-sum-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const suites = ['check', 'test', 'package', 'crash', 'system'];
const places = { test: ['unit', 'integration', 'crash'], package: ['package'], system: ['system'] };

interface FileResult {
  readonly name: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName?: string;
    readonly failureMessages?: readonly string[];
  }[];
}

/** A checkout and what its suites left, all green: 1 check, 5 files of 2 tests, 150 kill points and 20 faults. */
function checkout() {
  const root = fs.mkdtempSync(path.join(scratch, 'checkout-'));
  const reports = path.join(root, 'build/ci');
  fs.mkdirSync(reports, { recursive: true });
  const file = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  };
  const report = (suite: string, results: readonly FileResult[]) =>
    file(`build/ci/${suite}.json`, JSON.stringify({ testResults: results }));
  const resultOf = (place: string, statuses: readonly string[]): FileResult => ({
    name: path.join(root, `test/${place}/a.test.ts`),
    assertionResults: statuses.map((status) => ({ status })),
  });
  for (const suite of suites) file(`build/ci/${suite}.status`, '0\n');
  for (const [suite, folders] of Object.entries(places)) {
    for (const place of folders) file(`test/${place}/a.test.ts`, '');
    report(
      suite,
      folders.map((place) => resultOf(place, ['passed', 'passed'])),
    );
  }
  const crash = (killPoints: number, inconsistent: number) =>
    file(
      'build/ci/crash.log',
      `\n> refit@0.1.0 crash\n\n${JSON.stringify({ effects: 60, killPoints, faults: 20, inconsistent })}\n`,
    );
  crash(150, 0);
  const sum = (more: readonly string[] = []) => {
    const { stdout, status } = spawnSync(process.execPath, [program, reports, ...suites, ...more], {
      cwd: root,
      encoding: 'utf8',
    });
    return { lines: stdout.trim().split('\n'), status };
  };
  return { file, remove: (name: string) => fs.rmSync(path.join(root, name)), report, resultOf, crash, sum };
}

type Checkout = ReturnType<typeof checkout>;

test('all green: every test and kill point is counted', () => {
  const { lines, status } = checkout().sum();
  expect({ last: lines.at(-1), status }).toEqual({ last: '181 passed, 0 failed', status: 0 });
});

test.each([
  [9, '193 passed, 0 failed', 'crash-systemd: 12 passed, 0 failed'],
  [4, '188 passed, 1 failed', 'crash-systemd: 7 passed, 0 failed; 4 kill points, at least 5 expected'],
])('the crash matrix under systemd has a bound of its own: %s kill points', (killPoints, last, says) => {
  const made = checkout();
  made.file('build/ci/crash-systemd.status', '0\n');
  made.file(
    'build/ci/crash-systemd.log',
    `${JSON.stringify({ effects: 60, killPoints, faults: 3, inconsistent: 0 })}\n`,
  );
  const { lines } = made.sum(['crash-systemd']);
  expect(lines.at(-1)).toBe(last);
  expect(lines).toContain(says);
});

test('a failed test is named near the end, with what it said', () => {
  const made = checkout();
  const assertionResults = [{ status: 'failed', fullName: 'a thing works', failureMessages: ['expected 1 to be 2'] }];
  made.report('system', [{ ...made.resultOf('system', []), assertionResults }]);
  const { lines } = made.sum();
  const named = lines.indexOf('FAILED test/system/a.test.ts > a thing works');
  expect(lines[named + 1]).toBe('expected 1 to be 2');
});

test('what needs public data that is not here is skipped, and that is said; where it is, a skipped test fails', () => {
  const made = checkout();
  made.file('test/release/trust/vectors.test.ts', '');
  const units = [
    made.resultOf('unit', ['passed']),
    made.resultOf('integration', ['passed']),
    made.resultOf('crash', ['passed']),
  ];
  made.report(
    'test',
    [...units, made.resultOf('release/trust', ['pending'])].map((result) => ({
      ...result,
      name: result.name.replace('trust/a.test', 'trust/vectors.test'),
    })),
  );
  const without = made.sum();
  expect(without.lines.at(-1)).toBe('178 passed, 0 failed');
  expect(without.lines).toContainEqual(expect.stringMatching(/^test: 1 skipped, .*shared\/vectors is not here$/));
  made.file('../shared/vectors/README.md', '');
  expect(made.sum().lines).toContain('test: 3 passed, 0 failed; 1 skipped');
  made.remove('../shared/vectors/README.md');
});

const broken: readonly [title: string, break_: (made: Checkout) => void, last: string, says: string][] = [
  [
    'a failed test, counted once',
    (made) => {
      made.report('system', [made.resultOf('system', ['passed', 'failed'])]);
      made.file('build/ci/system.status', '1\n');
    },
    '180 passed, 1 failed',
    'system: 1 passed, 1 failed',
  ],
  [
    'a skipped test',
    (made) => made.report('system', [made.resultOf('system', ['passed', 'pending'])]),
    '180 passed, 1 failed',
    'system: 1 passed, 0 failed; 1 skipped',
  ],
  [
    'a check that fails',
    (made) => made.file('build/ci/check.status', '2\n'),
    '180 passed, 1 failed',
    'check: 0 passed, 0 failed; exit 2',
  ],
  [
    'a suite that fails after all its tests passed',
    (made) => made.file('build/ci/test.status', '1\n'),
    '181 passed, 1 failed',
    'test: 6 passed, 0 failed; exit 1',
  ],
  [
    'a suite that never ran',
    (made) => made.remove('build/ci/package.status'),
    '181 passed, 1 failed',
    'package: 2 passed, 0 failed; exit none',
  ],
  [
    'a suite without a report',
    (made) => made.remove('build/ci/package.json'),
    '179 passed, 2 failed',
    'package: 0 passed, 0 failed; no test ran',
  ],
  [
    'a file that did not load',
    (made) => made.report('package', [made.resultOf('package', [])]),
    '179 passed, 2 failed',
    'package: 0 passed, 0 failed; no test ran; test/package/a.test.ts has no test, or did not load',
  ],
  [
    'a test file that no suite ran',
    (made) => made.file('test/system/forgotten.test.ts', ''),
    '181 passed, 1 failed',
    'test/system/forgotten.test.ts: no suite ran it',
  ],
  [
    'a kind of test that has none',
    (made) => {
      made.remove('test/integration/a.test.ts');
      made.report('test', [made.resultOf('unit', ['passed', 'passed']), made.resultOf('crash', ['passed', 'passed'])]);
    },
    '179 passed, 1 failed',
    'test/integration: no test file',
  ],
  [
    'an inconsistent end in the crash matrix',
    (made) => made.crash(150, 3),
    '178 passed, 3 failed',
    'crash: 167 passed, 3 failed',
  ],
  [
    'a crash matrix that is too small',
    (made) => made.crash(124, 0),
    '155 passed, 1 failed',
    'crash: 144 passed, 0 failed; 124 kill points, at least 125 expected',
  ],
  [
    'a crash matrix that says nothing',
    (made) => made.file('build/ci/crash.log', 'Segmentation fault\n'),
    '11 passed, 2 failed',
    'crash: 0 passed, 0 failed; no result was printed; 0 kill points, at least 125 expected',
  ],
];

describe('what turns it red', () => {
  test.each(broken)('%s', (_title, break_, last, says) => {
    const made = checkout();
    break_(made);
    const { lines, status } = made.sum();
    expect({ last: lines.at(-1), status }).toEqual({ last, status: 1 });
    expect(lines).toContain(says);
  });
});
