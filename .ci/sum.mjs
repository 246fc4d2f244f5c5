// node .ci/sum.mjs FOLDER SUITE…, from the top of the checkout: adds up what the suites left in FOLDER and ends with `N passed, N failed`.
// Distrusts silence: a suite without a report, without a test, with a skipped one, or a test file that no suite ran fails.
import fs from 'node:fs';
import path from 'node:path';

const [folder, ...suites] = process.argv.slice(2);
const root = process.cwd();
const ran = new Set();

/** Public test data that is not ours to ship: where it is not, what needs it is skipped, and that is said. */
const VECTORS = path.resolve(root, '../shared/vectors');
const NEEDS_VECTORS = new Set(['vectors', 'certificate-claims'].map((name) => `test/release/trust/${name}.test.ts`));
const lacksVectors = (file) => !fs.existsSync(VECTORS) && NEEDS_VECTORS.has(path.relative(root, file.name));

const readIfThere = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');

function vitest(name) {
  const report = JSON.parse(readIfThere(path.join(folder, `${name}.json`)) || '{"testResults":[]}');
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  for (const file of report.testResults) ran.add(path.relative(root, file.name));
  const count = (status) => tests.filter((test) => test.status === status).length;
  const problems = [];
  const without = report.testResults.filter(lacksVectors).flatMap((file) => file.assertionResults);
  const excused = without.filter((test) => !['passed', 'failed'].includes(test.status)).length;
  const skipped = tests.length - count('passed') - count('failed') - excused;
  if (excused > 0) console.log(`${name}: ${excused} skipped, ${VECTORS} is not here`);
  if (tests.length === 0) problems.push('no test ran');
  if (skipped > 0) problems.push(`${skipped} skipped`);
  for (const file of report.testResults) {
    if (file.assertionResults.length === 0)
      problems.push(`${path.relative(root, file.name)} has no test, or did not load`);
  }
  const failed = report.testResults.flatMap((file) => failedIn(file));
  return { passed: count('passed'), failed: count('failed'), problems, said: failed };
}

/** What is left of a failure once only the end of the output is. */
function failedIn({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages = [] }) => {
      const message = failureMessages.join('\n').slice(0, 1500);
      return `FAILED ${path.relative(root, name)} > ${fullName}\n${message}`;
    });
}

/** `npm run crash -- --json` prints one object, after npm's own lines. */
function crash(name, expected) {
  const line = readIfThere(path.join(folder, `${name}.log`)).match(/^\{.*"killPoints".*\}$/m)?.[0] ?? '{}';
  const { effects = 0, killPoints = 0, faults = 0, inconsistent } = JSON.parse(line);
  const problems = [];
  if (!(effects > 0) || !Number.isInteger(inconsistent)) problems.push('no result was printed');
  if (killPoints < expected) problems.push(`${killPoints} kill points, at least ${expected} expected`);
  return { passed: killPoints + faults - (inconsistent ?? 0), failed: inconsistent ?? 0, problems };
}

const plain = () => ({ passed: 1, failed: 0, problems: [] });
const readers = { check: plain, crash: (name) => crash(name, 125), 'crash-systemd': (name) => crash(name, 5) };

let passed = 0;
let failed = 0;
for (const name of suites) {
  const status = readIfThere(path.join(folder, `${name}.status`)).trim() || 'none';
  const result = (readers[name] ?? vitest)(name);
  if (status !== '0' && result.failed === 0) result.problems.push(`exit ${status}`);
  if (readers[name] === plain && status !== '0') result.passed = 0;
  passed += result.passed;
  failed += result.failed + result.problems.length;
  for (const line of result.said ?? []) console.log(line);
  console.log([`${name}: ${result.passed} passed, ${result.failed} failed`, ...result.problems].join('; '));
}

const tests = fs.readdirSync(path.join(root, 'test'), { recursive: true }).filter((file) => file.endsWith('.test.ts'));
for (const kind of ['integration', 'crash', 'package', 'system']) {
  if (tests.some((file) => file.startsWith(`${kind}/`))) continue;
  failed += 1;
  console.log(`test/${kind}: no test file`);
}
for (const file of tests.map((name) => path.join('test', name)).filter((name) => !ran.has(name))) {
  failed += 1;
  console.log(`${file}: no suite ran it`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
