import { defineConfig } from 'vitest/config';

// One project per kind of test; groups run in this order, quick answers first. package and system need Node 22 and root:
// `npm run test:package`, `npm run test:system`.
// Real processes on a busy machine: a test may have one more chance, and says so when it needed it. A property has none: other
// examples would hide what it found.
const retry = { count: 1, condition: /^(?!Property failed)/ };
// Vitest leaves one processor free, which of two is half; these tests start processes and then wait for them.
const WORKERS = 3;
const slow = { testTimeout: 300_000, hookTimeout: 300_000, retry, maxWorkers: WORKERS };
const alone = { ...slow, maxWorkers: 1, fileParallelism: false };

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{integration,crash,package,system}/**'],
          testTimeout: 30_000,
          retry,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          ...slow,
        },
      },
      {
        extends: true,
        test: { name: 'crash', include: ['test/crash/**/*.test.ts'], sequence: { groupOrder: 2 }, ...slow },
      },
      {
        extends: true,
        test: { name: 'package', include: ['test/package/**/*.test.ts'], sequence: { groupOrder: 3 }, ...alone },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          sequence: { groupOrder: 4 },
          ...slow,
          // Each has a host or two with services whose times are looked at.
          maxWorkers: 2,
        },
      },
    ],
    globalSetup: ['test/support/fresh-dist.ts'],
  },
});
