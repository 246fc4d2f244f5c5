import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { serveCutting } from '../../scripts/bench/cutting-server.ts';
import { scratch } from '../host/scratch.ts';

test('cuts that file as often and where it is told to, counts it alone, and then gives the rest', async () => {
  const directory = scratch();
  fs.writeFileSync(path.join(directory, 'a'), '0123456789');
  fs.writeFileSync(path.join(directory, 'b'), 'other');
  await using server = await serveCutting(directory, { file: 'a', after: [4] });
  expect(await (await fetch(`${server.url}/b`)).text()).toBe('other');
  await expect((await fetch(`${server.url}/a`)).text()).rejects.toThrow();
  const rest = await fetch(`${server.url}/a`, { headers: { range: 'bytes=4-' } });
  expect([rest.status, rest.headers.get('content-range'), await rest.text()]).toEqual([206, 'bytes 4-9/10', '456789']);
  expect(server.sent()).toEqual({ bytes: 10, cuts: 1 });
  expect((await fetch(`${server.url}/none`)).status).toBe(404);
});
