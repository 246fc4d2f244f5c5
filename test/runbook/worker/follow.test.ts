import fs from 'node:fs';
import { expect, test } from 'vitest';
import { runPaths, type StorePaths, storePaths } from '../../../src/runbook/store/paths.ts';
import type { RunEvent } from '../../../src/runbook/worker/events.ts';
import { type FollowOptions, follow } from '../../../src/runbook/worker/follow.ts';
import { answerPath, type WorkAnswer } from '../../../src/runbook/worker/request.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

const host = realHost();
const NEVER = new AbortController().signal;
const HOLDER = { pid: 1, startTime: '1', since: 'now', who: 'me', command: 'test' };

interface Scene {
  readonly store: StorePaths;
  readonly events: string;
  write(text: string): void;
  answer(answer: WorkAnswer): void;
}

function scene(): Scene {
  const store = storePaths(scratch(), 'sample');
  const run = runPaths(store, 'R');
  fs.mkdirSync(run.directory, { recursive: true });
  return {
    store,
    events: run.events,
    write: (text) => fs.appendFileSync(run.events, text),
    answer: (answer) => fs.writeFileSync(answerPath(run.directory, 'n'), JSON.stringify(answer)),
  };
}

const worker = { nonce: 'n', eventsFrom: 0, alive: async () => true };
const dead = { ...worker, alive: async () => false };

const line = (seq: number, type = 'run.turn') => `${JSON.stringify({ seq, at: 'now', type, reason: '…' })}\n`;

async function viewed(
  store: StorePaths,
  options: Partial<FollowOptions>,
  each: (event: RunEvent) => void = () => undefined,
  on: Parameters<typeof follow>[0] = host,
) {
  const seen: number[] = [];
  const events = follow(on, store, 'R', { worker, leave: NEVER, ...options });
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { seen, answer: next.value };
    seen.push(next.value.seq);
    each(next.value);
  }
}

test('a worker that is done: its events, then its answer', async () => {
  const { store, write, answer } = scene();
  write(line(1) + line(2));
  answer({ exit: 7, error: { code: 'E_IO', message: 'm' } });
  expect(await viewed(store, {})).toEqual({ seen: [1, 2], answer: { exit: 7, error: { code: 'E_IO', message: 'm' } } });
});

test('lines that come while it is watched, cut anywhere, also in the middle of a character', async () => {
  const { store, write, answer, events } = scene();
  await using _lock = await host.lock.acquire(store.lock, HOLDER);
  const bytes = Buffer.from(line(2) + line(3));
  const half = bytes.indexOf(0xe2) + 1;
  write(line(1));
  const reasons: unknown[] = [];
  const watching = viewed(store, {}, (event) => {
    if ('reason' in event) reasons.push(event.reason);
    if (event.seq !== 1) return;
    fs.appendFileSync(events, bytes.subarray(0, half));
    setTimeout(() => {
      fs.appendFileSync(events, bytes.subarray(half));
      answer({ exit: 0 });
    }, 120);
  });
  expect(await watching).toEqual({ seen: [1, 2, 3], answer: { exit: 0 } });
  expect(reasons).toEqual(['…', '…', '…']);
});

test('half a line of a killed worker is passed over', async () => {
  const { store, write, answer } = scene();
  write(`${line(1)}{"seq":2,"at":"no\n${line(2)}`);
  answer({ exit: 0 });
  expect((await viewed(store, {})).seen).toEqual([1, 2]);
});

test('a line that was taken back, because the disk was full, is not seen and hides nothing', async () => {
  const { store, write, answer, events } = scene();
  await using _lock = await host.lock.acquire(store.lock, HOLDER);
  write(`${line(1)}{"seq":2,"half`);
  const watching = viewed(store, {}, ({ seq }) => {
    if (seq !== 1) return;
    setTimeout(() => {
      fs.truncateSync(events, line(1).length + 2);
      write(line(2));
      answer({ exit: 0 });
    }, 120);
  });
  expect((await watching).seen).toEqual([1, 2]);
});

test('a worker that is gone without a word ends the view; the journal says what is true', async () => {
  const { store, write } = scene();
  write(line(1));
  let lives = true;
  const dying = { ...worker, alive: async () => lives };
  const watching = viewed(store, { worker: dying }, ({ seq }) => {
    if (seq !== 1) return;
    setTimeout(() => {
      write(line(2));
      lives = false;
    }, 60);
  });
  expect(await watching).toEqual({ seen: [1, 2], answer: undefined });
});

test('a worker that never came to its lock ends the view too, also while somebody else has it', async () => {
  const { store } = scene();
  expect(await viewed(store, { worker: dead })).toEqual({ seen: [], answer: undefined });
  await using _lock = await host.lock.acquire(store.lock, HOLDER);
  expect(await viewed(store, { worker: dead })).toEqual({ seen: [], answer: undefined });
});

test('a worker that is slow to start is waited for as long as it lives', async () => {
  const { store, write, answer } = scene();
  let hours = 0;
  const slow = {
    ...host,
    clock: {
      ...host.clock,
      monotonic: () => hours * 3_600_000,
      async sleep() {
        hours += 1;
        if (hours < 24) return;
        write(line(1));
        answer({ exit: 0 });
      },
    },
  };
  expect(await viewed(store, {}, undefined, slow)).toEqual({ seen: [1], answer: { exit: 0 } });
});

test('the answer of a worker that ended between two looks is not missed', async () => {
  const { store, write, answer } = scene();
  const ending = {
    ...worker,
    async alive() {
      write(line(1));
      answer({ exit: 7 });
      return false;
    },
  };
  expect(await viewed(store, { worker: ending })).toEqual({ seen: [1], answer: { exit: 7 } });
});

test('a bystander sees what is there when nobody is at it, and leaves with the run although another worker holds the lock', async () => {
  const { store, write } = scene();
  write(line(1));
  expect(await viewed(store, { worker: undefined })).toEqual({ seen: [1], answer: undefined });
  await using _lock = await host.lock.acquire(store.lock, HOLDER);
  write(line(2, 'run.end'));
  expect(await viewed(store, { worker: undefined })).toEqual({ seen: [1, 2], answer: undefined });
});

test('what was there before the worker is passed over, nothing that it wrote before the first look, and a viewer can leave', async () => {
  const { store, write } = scene();
  await using _lock = await host.lock.acquire(store.lock, HOLDER);
  const torn = '{"seq":2,"at":"no';
  write(line(1) + torn);
  const leave = new AbortController();
  const resumed = { ...worker, eventsFrom: Buffer.byteLength(line(1) + torn) };
  write(`\n${line(2)}`);
  const watching = viewed(store, { worker: resumed, leave: leave.signal }, ({ seq }) => {
    if (seq === 3) leave.abort();
  });
  setTimeout(() => write(line(3)), 120);
  expect(await watching).toEqual({ seen: [2, 3], answer: undefined });
});
