import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
/** Tells each module on stderr as it is loaded. */
const TELL = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;

/** What a command line loads: packages by name, folders and files of src/. */
function loadedBy(...argv: readonly string[]) {
  const start = `const { main } = await import(${JSON.stringify(path.join(root, 'src/main.ts'))}); await main();`;
  const hook = `data:text/javascript,${encodeURIComponent(TELL)}`;
  const args = ['--import', hook, '--input-type=module', '--eval', start, '--', 'refit', ...argv];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const urls = stderr.split('\n');
  const packages = urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  const files = urls.flatMap((url) => /\/src\/(.+\.ts)$/.exec(url)?.[1] ?? []);
  return { stdout, status, packages: [...new Set(packages)], files };
}

test('--version loads commander, the table of verbs and no command', () => {
  const { stdout, status, packages, files } = loadedBy('--version');
  expect({ stdout: stdout.trim(), status }).toEqual({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/), status: 0 });
  expect(packages).toEqual(['commander']);
  expect(files.filter((file) => /^(runbook|product|release|data|service|layout|health|fleet)\//.test(file))).toEqual(
    [],
  );
  expect(files.filter((file) => file.startsWith('cli/commands/'))).toEqual([]);
  expect(files).toContain('cli/verbs.ts');
});

test('a page of the manual loads its own command alone, and no client of any kind', () => {
  const { status, packages, files } = loadedBy('docs', 'exit-codes');
  expect(status).toBe(0);
  expect(files.filter((file) => file.startsWith('cli/commands/'))).toEqual(['cli/commands/docs.ts']);
  expect(packages).not.toContain('undici');
});
