import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { serveReleases } from '../../../scripts/serve-releases.mjs';
import { expectNew, look } from '../support/outcome.ts';
import { NEW, OLD, openScene, REFIT, run } from '../support/scene.ts';

const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../../docs/ci.md'), 'utf8');
const scripts = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, script = '']) => script);

test('the recipe of docs/ci.md, word for word: pin, look each night, upgrade', async () => {
  const [pin = '', look_ = '', upgrade = ''] = scripts;
  expect(scripts).toHaveLength(3);
  await using scene = await openScene({ versions: [OLD, NEW] });
  const mirror = await serveReleases(scene.releases);
  const before = await look(scene);
  const checkout = path.join(scene.directory, 'checkout');
  const bin = path.join(scene.directory, 'bin');
  for (const directory of [checkout, bin]) fs.mkdirSync(directory);
  fs.writeFileSync(path.join(bin, 'refit'), `#!/bin/sh\nexec '${process.execPath}' '${REFIT}' "$@"\n`, { mode: 0o755 });
  // Of the page only the product and where it lies are others here.
  const there = { REFIT_SOURCE: mirror.url, REFIT_PREFIX: scene.prefix };
  const env = { ...scene.environment, ...there, PATH: `${bin}:${scene.environment['PATH']}`, HOME: checkout };
  const sh = (script: string) =>
    run(['/bin/sh', '-ec', script.replaceAll('dockmesh', 'sample')], { env, cwd: checkout });
  try {
    expect(await sh('git init -q && touch refit.pin && git add refit.pin')).toMatchObject({ exit: 0 });
    expect(await sh(pin)).toMatchObject({ exit: 0, stdout: expect.stringContaining('open a pull request') });
    expect(await sh(`git add refit.pin && ${pin}`)).toMatchObject({
      exit: 0,
      stdout: expect.not.stringContaining('open a pull request'),
    });
    expect(await sh(look_)).toMatchObject({ exit: 0, stdout: expect.stringContaining('an upgrade is available') });
    expect(await sh(upgrade)).toMatchObject({ exit: 0 });
    await expectNew(scene, before);
    expect(await sh(look_)).toMatchObject({ exit: 0, stdout: expect.stringContaining('up to date') });
    fs.appendFileSync(path.join(checkout, 'refit.pin'), ' }');
    expect(await sh(look_)).toMatchObject({ exit: 6, stderr: expect.stringContaining('E_PIN_INVALID') });
  } finally {
    await mirror.close();
  }
});
