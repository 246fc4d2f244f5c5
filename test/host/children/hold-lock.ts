// Takes the lock, says so on stdout, and keeps it until killed.
import { setInterval } from 'node:timers';
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeFiles } from '../../../src/host/node-files.ts';
import { nodeLock } from '../../../src/host/node-lock.ts';

const [, , path = ''] = process.argv;
const lock = nodeLock(plainEffects, nodeFiles(plainEffects));
const holder = {
  pid: process.pid,
  startTime: '1',
  since: '2026-01-01T00:00:00Z',
  who: 'ops',
  command: 'refit upgrade',
};
await lock.acquire(path, holder);
process.stdout.write('held\n');
setInterval(() => undefined, 1000);
