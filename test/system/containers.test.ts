import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bootDockmesh, type Dockmesh } from './support/dockmesh.ts';
import { releases } from './support/releases.ts';

/** Appends a number a line, through one descriptor, as a container would that knows nothing of us; says the last one when it ends. */
const WRITER = `
const fs = require('node:fs');
const fd = fs.openSync(process.argv[1], 'a');
let n = 0;
setInterval(() => fs.writeSync(fd, ++n + '\\n'), 2);
process.on('SIGTERM', () => { fs.writeFileSync('/run/written', String(n)); process.exit(0); });
`;

function startWriter({ host, installed }: Dockmesh): () => void {
  const file = installed.containerFile;
  const { ino, size } = statSync(`${host.root()}${file}`);
  host.must(['systemd-run', '--unit=container', process.execPath, '-e', WRITER, file]);
  return () => {
    host.must(['systemctl', 'stop', 'container']);
    const count = Number(host.must(['cat', '/run/written']));
    expect(count).toBeGreaterThan(100);
    expect(statSync(`${host.root()}${file}`).ino).toBe(ino);
    const written = host.must(['tail', '-c', `+${size + 1}`, file]);
    expect(written).toBe(Array.from({ length: count }, (_, index) => String(index + 1)).join('\n'));
  };
}

test('what a container writes below a stack all the while is lost neither by an upgrade nor by a rollback', async () => {
  await using dockmesh = await bootDockmesh('container');
  const finish = startWriter(dockmesh);
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 0 });
  expect(await dockmesh.refit(['rollback', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(dockmesh.answers()).toBe('v0.2.9');
  finish();
});

test('nor by an upgrade that fails', async () => {
  await using dockmesh = await bootDockmesh('container', {
    releasesDir: releases({ 'v0.2.13': 'boot' }),
    layout: 'data',
  });
  const finish = startWriter(dockmesh);
  expect(await dockmesh.upgrade()).toMatchObject({ exitCode: 7 });
  expect(dockmesh.answers()).toBe('v0.2.9');
  finish();
});
