import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const HEAD = 'What release notes on the way ask for (--notes shows all):';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ versions: [OLD, 'v0.2.10', NEW], start: false });
  const write = (name: string, text: string) => fs.writeFileSync(path.join(scene.releases, name), text);
  write(`${OLD}/RELEASE_NOTES.md`, 'BREAKING long ago');
  write('v0.2.10.md', '## Breaking changes\n- FOO is gone\n\n## Fixes\n- a bug\n');
  write(`${NEW}/NOTES.md`, '- BAR is deprecated \x1b[2J\u202e\n- faster\n');
});
afterAll(() => scene[Symbol.asyncDispose]());

const plan = (source: string, ...words: string[]) => scene.refit(['plan', '--to', NEW, '--source', source, ...words]);

test('a plan lifts out what every version on the way asks for, from a folder and from a bundle', async () => {
  const bundle = path.join(scene.directory, 'a.refit.tar');
  const words = ['--product', 'sample', '--source', scene.releases];
  expect(await scene.bare(['fetch', NEW, '--bundle', bundle, ...words])).toMatchObject({ exit: 0 });
  const inspected = await scene.bare(['bundle', 'inspect', bundle]);
  expect(inspected.stdout).toContain(`release notes of ${OLD}, v0.2.10, ${NEW}`);
  for (const source of [scene.releases, bundle]) {
    const { stdout } = await plan(source);
    const told = stdout.slice(stdout.indexOf(HEAD));
    expect(told).toBe(`${HEAD}\n  v0.2.10\n    - FOO is gone\n  ${NEW}\n    - BAR is deprecated ?[2J?\n`);
    expect((await plan(source, '--notes')).stdout).toMatch(
      /Release notes of v0\.2\.10:\n {2}## Breaking[\s\S]*faster\n$/,
    );
    expect(JSON.parse((await plan(source, '-o', 'json')).stdout)).toMatchObject({
      notes: [
        { tag: 'v0.2.10', actions: ['FOO is gone'] },
        { tag: NEW, text: '- BAR is deprecated ?[2J?\n- faster', actions: ['BAR is deprecated ?[2J?'] },
      ],
    });
  }
});

test('notes that cannot be had, or that ask for nothing, are not spoken of', async () => {
  const folder = path.join(scene.directory, 'quiet');
  fs.cpSync(scene.releases, folder, { recursive: true });
  fs.rmSync(path.join(folder, 'v0.2.10.md'));
  fs.writeFileSync(path.join(folder, NEW, 'NOTES.md'), 'faster');
  expect((await plan(folder)).stdout).not.toContain('release notes');
  fs.rmSync(path.join(folder, NEW, 'NOTES.md'));
  expect(JSON.parse((await plan(folder, '-o', 'json')).stdout)).toMatchObject({ notes: null });
});
