import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readRequest, requestPath } from '../../../src/runbook/worker/request.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

const { files } = realHost();

test('a request of another refit version is refused in words', async () => {
  const file = requestPath(scratch(), 'n');
  fs.writeFileSync(file, JSON.stringify({ format: 2 }));
  await expect(readRequest(files, file)).rejects.toMatchObject({
    code: 'E_PLAN_MISMATCH',
    message: expect.stringContaining(file),
  });
});

test('a request of this version is read as it was written', async () => {
  const request = {
    format: 1,
    nonce: 'n',
    run: 'R',
    installation: 'sample',
    stateDirectory: '/s',
    turn: false,
    by: 'me',
    command: 'refit',
    network: { NO_PROXY: '*' },
  };
  const file = path.join(scratch(), 'request.json');
  fs.writeFileSync(file, JSON.stringify(request));
  expect(await readRequest(files, file)).toEqual(request);
});
