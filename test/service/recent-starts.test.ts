import { expect, test } from 'vitest';
import type { Argv, CommandOptions, Commands } from '../../src/host/commands.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';
import { recentStarts } from '../../src/service/recent-starts.ts';

const host = nodeHost(plainEffects, readIdentity());

/** Five starts, newest first, at 1 s, 2 s … after the boot. */
const STARTS = [5, 4, 3, 2, 1].map((n) => entry(n * 1_000, { INVOCATION_ID: String(n).repeat(32) })).join('');

function entry(ms: number, more: Readonly<Record<string, string>> = {}): string {
  const [monotonic, realtime] = [ms * 1_000, 1e15 + ms * 1_000].map(String);
  return `${JSON.stringify({ __MONOTONIC_TIMESTAMP: monotonic, __REALTIME_TIMESTAMP: realtime, ...more })}\n`;
}

/** A journal of which each start says `script` of its second, run by a shell: real children with an output that can be chosen. */
function journal(script: (second: number) => string, monotonic = host.clock.monotonic) {
  const asked: { readonly second: number | undefined; readonly options: CommandOptions }[] = [];
  const shell = (argv: Argv, options: CommandOptions): Argv => {
    const id = argv.find((word) => word.startsWith('_SYSTEMD_INVOCATION_ID='));
    const second = id === undefined ? undefined : Number(id.at(-1));
    asked.push({ second, options });
    return ['sh', '-c', second === undefined ? `printf '%s' '${STARTS}'` : script(second)];
  };
  const commands: Commands = {
    ...host.commands,
    query: (argv, options) => host.commands.query(shell(argv, options), options),
    stream: (argv, options) => host.commands.stream(shell(argv, options), options),
  };
  const took = () => recentStarts({ commands, clock: { ...host.clock, monotonic } }, 'a.service', 'ready');
  return { asked, took };
}

const say = (text: string) => `printf '%s' '${text}'`;

test('the first line ends the look at a start, though the service went on to log, and three starts are enough', async () => {
  const { asked, took } = journal((second) => `${say(entry(second * 1_000 + 100 * second))}; exec yes '{}'`);
  expect(await took()).toEqual([500, 400, 300]);
  expect(asked.map(({ second }) => second)).toEqual([undefined, 5, 4, 3]);
  expect(asked.every(({ options }) => options.background === true)).toBe(true);
});

test('a line that came before the time was over counts, half of one does not', async () => {
  const whole = journal((second) => `${say(entry(second * 1_000 + 700))}; exec sleep 1000`);
  expect(await whole.took()).toEqual([700, 700, 700]);
  const half = journal((second) => `${say(entry(second * 1_000 + 700).trim())}; exit 1`);
  expect(await half.took()).toEqual([]);
});

const LATER = new Map([
  [5, 10],
  [4, -300],
  [3, 0],
  [2, -1],
  [1, 250],
]);

test('a server that is ready before systemd says so teaches nothing', async () => {
  const { asked, took } = journal((second) => say(entry(second * 1_000 + (LATER.get(second) ?? 0))));
  expect(await took()).toEqual([10, 250]);
  expect(asked.map(({ second }) => second)).toEqual([undefined, 5, 4, 3, 2, 1]);
});

test('when its time is over no further start is looked at', async () => {
  let now = 0;
  const { asked, took } = journal(
    (second) => say(entry(second * 1_000 + 100)),
    () => {
      now += 1_000;
      return now;
    },
  );
  expect(await took()).toEqual([100]);
  expect(asked.map(({ second, options }) => [second, options.timeoutMs])).toEqual([
    [undefined, 2_000],
    [5, 1_000],
  ]);
});
