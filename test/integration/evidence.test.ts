import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ofRun, runsOf } from './support/journal.ts';
import { errorOf } from './support/outcome.ts';
import { NEW, OLD, openScene } from './support/scene.ts';

const SECRET = 'correct-horse-battery';

function unpacked(file: string): string {
  const to = path.join(path.dirname(file), 'unpacked');
  fs.mkdirSync(to);
  execFileSync('tar', ['-xzf', file, '-C', to, '--strip-components=1']);
  return to;
}

test('what a failed release left is packed for somebody else to read, without a secret', async () => {
  await using scene = await openScene({
    versions: [OLD, NEW],
    breaks: { [NEW]: 'boot' },
    env: [`SAMPLE_API_TOKEN=${SECRET}`],
  });
  const { stdout: ending } = await scene.upgrade(['--to', NEW]);
  expect(ending).toContain('refit evidence packs it to be sent');
  const { exit, stdout } = await scene.refit(['evidence', '--copy-to', scene.directory, '-o', 'json']);
  expect(exit).toBe(0);
  const { file, run } = JSON.parse(stdout) as { file: string; run: string };
  expect([run]).toEqual(runsOf(scene));
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);

  const there = unpacked(file);
  const all = fs.readdirSync(there, { recursive: true, encoding: 'utf8' }).sort();
  expect(all).toEqual([
    'README.txt',
    'about.json',
    'events.ndjson',
    'evidence',
    'evidence/both-versions.log',
    'evidence/config',
    'evidence/config/0-sample.env',
    'evidence/release.json',
    'evidence/start.log',
    'journal.jsonl',
  ]);
  const text = all
    .filter((name) => fs.statSync(path.join(there, name)).isFile())
    .map((name) => fs.readFileSync(path.join(there, name), 'utf8'))
    .join('');
  expect(fs.readFileSync(scene.installed.envFile, 'utf8')).toContain(SECRET);
  expect(text).toContain('SAMPLE_API_TOKEN=[redacted]');
  expect(text).not.toContain(SECRET);
  expect(fs.readFileSync(path.join(there, 'evidence/start.log'), 'utf8')).toContain('config load failed');
  expect(JSON.parse(fs.readFileSync(path.join(there, 'about.json'), 'utf8'))).toMatchObject({ standing: 'restored' });
  expect(fs.existsSync(ofRun(scene, 'pack'))).toBe(false);
});

test('what lies where the file would go is left alone: a file, a link to one of root', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  await scene.upgrade(['--to', NEW]);
  const [run = ''] = runsOf(scene);
  const victim = path.join(scene.directory, 'victim');
  fs.writeFileSync(victim, 'untouched');
  const place = path.join(scene.directory, `refit-evidence-sample-${run}.tar.gz`);
  fs.symlinkSync(victim, place);
  const outcome = await scene.refit(['evidence', run, '--copy-to', scene.directory, '-o', 'json']);
  expect(outcome.exit).toBe(4);
  expect(errorOf(outcome)).toMatchObject({ code: 'E_FILE' });
  expect(fs.readFileSync(victim, 'utf8')).toBe('untouched');
  expect(fs.readlinkSync(place)).toBe(victim);
});

test('a run that is none is refused', async () => {
  await using scene = await openScene({ versions: [OLD, NEW], start: false });
  for (const words of [['evidence'], ['evidence', '../../etc']]) {
    const outcome = await scene.refit([...words, '-o', 'json']);
    expect(outcome.exit).toBe(4);
    expect(errorOf(outcome)).toMatchObject({ code: 'E_RUN_UNKNOWN' });
  }
});
