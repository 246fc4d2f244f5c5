import { describe, expect, onTestFinished, test } from 'vitest';
import { flagNames, type Parsed, parse, settingsFor } from '../../src/cli/program.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { RefitError } from '../../src/errors.ts';

/** What a command line comes to, and what was printed. */
function typed(line: string): { readonly parsed: Parsed | undefined; readonly out: string; readonly err: string } {
  let out = '';
  let err = '';
  const argv = line.split(' ').filter((word) => word !== '');
  const parsed = parse(argv, {
    version: '1.2.3',
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { parsed, out, err };
}

function rejection(line: string): RefitError {
  try {
    typed(line);
  } catch (error) {
    if (error instanceof RefitError) return error;
    throw error;
  }
  throw new Error(`"${line}" was understood`);
}

function setting(name: string, value: string): void {
  process.env[name] = value;
  onTestFinished(() => {
    delete process.env[name];
  });
}

describe('what is understood', () => {
  test.each([
    ['plan', 'plan', {}, []],
    ['plan --to v0.2.x --exit-code -o json', 'plan', { to: 'v0.2.x', exitCode: true, output: 'json' }, []],
    ['upgrade -y --waive a --waive b', 'upgrade', { yes: true, waive: ['a', 'b'] }, []],
    ['upgrade --to=latest --allow-prerelease', 'upgrade', { to: 'latest', allowPrerelease: true }, []],
    ['install --from-tarball f.tar.gz --sha256 ab', 'install', { fromTarball: 'f.tar.gz', sha256: 'ab' }, []],
    ['verify-health --installation blue', 'verify-health', { installation: 'blue' }, []],
    ['rollback --dry-run --state-dir /s', 'rollback', { dryRun: true, stateDir: '/s' }, []],
    ['docs errors', 'docs', {}, ['errors']],
    ['backup --yes', 'backup', { yes: true }, []],
    ['backup list -o json --prefix /p', 'list', { output: 'json', prefix: '/p' }, []],
    ['backup verify --installation blue 01AB', 'verify', { installation: 'blue' }, ['01AB']],
    ['backup prune --keep 3 --older-than 30d A B', 'prune', { keep: '3', olderThan: '30d' }, ['A', 'B']],
    ['backup export 01AB --copy-to /mnt', 'export', { copyTo: '/mnt' }, ['01AB']],
    ['upgrade --no-archive --archive gzip', 'upgrade', { noArchive: true, archive: 'gzip' }, []],
    ['completion bash', 'completion', {}, ['bash']],
  ])('%s', (line, name, flags, operands) => {
    const { parsed } = typed(line);
    expect(parsed?.verb.name).toBe(name);
    expect(parsed?.flags).toEqual(flags);
    expect([...(parsed?.given ?? [])]).toEqual(Object.keys(flags));
    expect(parsed?.operands).toEqual(operands);
  });
});

describe('what is not: E_USAGE, with the way to the right words', () => {
  test.each([
    ['', 'no verb', 'refit --help'],
    ['upgrad', "unknown command 'upgrad' (Did you mean upgrade?)", 'refit --help'],
    ['plan --bogus', "unknown option '--bogus'", 'refit plan --help'],
    ['upgrade --form-tarball f', "unknown option '--form-tarball'", 'refit upgrade --help'],
    ['plan --to', "option '--to <version>' argument missing", 'refit plan --help'],
    ['plan v0.2.13', "too many arguments for 'plan'. Expected 0 arguments but got 1: v0.2.13.", 'refit plan --help'],
    ['status --yes', "unknown option '--yes'", 'refit status --help'],
    ['backup lst', "too many arguments for 'backup'. Expected 0 arguments but got 1: lst.", 'refit backup --help'],
    ['backup restore', "missing required argument 'id'", 'refit backup --help'],
    ['docs', "missing required argument 'page'", 'refit docs --help'],
  ])('%j', (line, saw, hint) => {
    const { code, message, hint: shown } = rejection(line);
    expect({ code, message, hint: shown }).toEqual({
      code: 'E_USAGE',
      message: `Cannot understand the command: ${saw}`,
      hint,
    });
  });
});

describe('the environment sets flags', () => {
  test('a value, unless it was typed', () => {
    setting('REFIT_TO', 'v0.2.x');
    expect(typed('plan').parsed?.flags).toEqual({ to: 'v0.2.x' });
    expect(typed('plan --to v0.2.10').parsed?.flags).toEqual({ to: 'v0.2.10' });
  });

  test.each([
    ['1', { yes: true }],
    ['TRUE', { yes: true }],
    ['0', { yes: false }],
    ['no', { yes: false }],
    ['', {}],
  ])('REFIT_YES=%s', (value, flags) => {
    setting('REFIT_YES', value);
    expect(typed('upgrade').parsed?.flags).toEqual(flags);
    expect(typed('upgrade --yes').parsed?.flags).toEqual({ yes: true });
  });

  test('a switch that holds neither is no consent', () => {
    setting('REFIT_YES', 'maybe');
    expect(rejection('upgrade').code).toBe('E_USAGE');
  });

  test('flags of other verbs are left alone', () => {
    setting('REFIT_YES', '1');
    expect(typed('status').parsed?.flags).toEqual({});
  });
});

describe('refit.yaml sets flags', () => {
  const settings = { to: 'v0.2.x', prefix: '/p', yes: true, output: 'json', caFile: '/ca.pem' };

  test.each([
    ['upgrade', settings],
    ['upgrade --to latest -o table', { prefix: '/p', yes: true, caFile: '/ca.pem' }],
    ['verify', { prefix: '/p', yes: true, output: 'json', caFile: '/ca.pem' }],
    ['status', { prefix: '/p', output: 'json', caFile: '/ca.pem' }],
    ['docs errors', { output: 'json', caFile: '/ca.pem' }],
  ])('%s takes its own, and what is no flag', (line, taken) => {
    const { parsed } = typed(line);
    expect(parsed && settingsFor(parsed, settings)).toEqual(taken);
  });
});

test('the version', () => {
  expect(typed('--version')).toEqual({ parsed: undefined, out: '1.2.3\n', err: '' });
});

test('nothing typed: the help on stderr, beside the error', () => {
  let err = '';
  const options = {
    version: '1',
    out: () => undefined,
    err: (text: string) => {
      err += text;
    },
  };
  expect(() => parse([], options)).toThrow('no verb');
  expect(err).toContain('Usage: refit');
});

test.each([
  ['--help', 'help/refit.txt'],
  ['upgrade --help', 'help/upgrade.txt'],
  ['backup --help', 'help/backup.txt'],
  ['backup export --help', 'help/backup-export.txt'],
])('refit %s', async (line, golden) => {
  const { out } = typed(line);
  expect(Math.max(...out.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80);
  await expect(out).toMatchFileSnapshot(`../golden/${golden}`);
});

test('help tells every verb and flag, and hides what is ours alone', () => {
  const main = typed('--help').out;
  for (const { name, hidden } of VERBS) expect(main.includes(`\n  ${name} `)).toBe(hidden !== true);
  const upgrade = typed('upgrade --help').out;
  expect(upgrade).toContain('--apply-env-edits');
  expect(upgrade).not.toContain('by-environment');
});

test('flags say what they take', () => {
  const flags = flagNames();
  expect([flags.get('yes'), flags.get('to'), flags.get('waive'), flags.get('token-file')]).toEqual([
    'switch',
    'value',
    'list',
    'value',
  ]);
});
