import { interleave, type Measure, noLonger, type Report, side, within } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { CASES, type Case } from './window-cases.ts';
import { DATA, INSTALLED, type Moment, type WindowHost, withWindowHost } from './window-host.ts';

/** A person with a runbook needs no more than this many to be told from refit. */
const MANUAL_ROUNDS = 3;
const ROLLBACK_MS = 5000;

/** What the vendor's guide has people do, with the binary that is there: the time for looking up the next command is not counted. */
const MANUAL = `systemctl stop bench && tar -czf /root/backup.tar.gz -C ${DATA} . && cp ${INSTALLED} ${INSTALLED}.old && cp ${INSTALLED}.old ${INSTALLED}.new && mv ${INSTALLED}.new ${INSTALLED} && systemctl start bench`;

/** The downtime of an upgrade as the data grows, against that of a restart; at 1 GB also against the runbook by hand, and back. */
export async function windowBench({ cases, rounds }: BenchOptions): Promise<Report> {
  const chosen = CASES.filter(({ id }) => cases.length === 0 || cases.includes(id));
  const measures: Measure[] = [];
  for (const each of chosen) {
    process.stderr.write(`refit bench: window, ${each.name}\n`);
    // A host for each: what one leaves in the caches and on the disk does not slow the next.
    measures.push(...(await withWindowHost(3 * rounds + 4, each, (host) => measured(host, each, rounds))));
  }
  return {
    bench: 'window',
    notes: [
      `${rounds} interleaved rounds for each amount of data, on throw-away hosts; one prober for all, from outside, every 5 ms`,
      'the server drains nothing and is ready as soon as Node can be',
      '1 MB of the data is written anew between the copies: when the hot copy is made; "at the last moment": when starts are forbidden',
    ],
    measures,
  };
}

async function measured(host: WindowHost, each: Case, rounds: number): Promise<readonly Measure[]> {
  const { name, bytes, change, fill, walk } = each;
  host.host.must(['sh', '-c', `${fill}; sync`]);
  // Many small files take minutes a round, and whenever 1 MB of them changes they are walked once.
  const atLast = change !== undefined && walk !== true;
  const copying: Readonly<Record<Moment, number[]>> = { copied: [], armed: [] };
  const upgrade = async (moment: Moment): Promise<number> => {
    const away = await host.upgrade(change, moment);
    copying[moment].push(host.copyMs());
    return away;
  };
  const sides = {
    refit: () => upgrade('copied'),
    restart: host.restart,
    ...(atLast ? { late: () => upgrade('armed') } : {}),
  };
  // Once each, so that nobody is the first to read a file.
  for (const run of Object.values(sides)) await run();
  for (const samples of Object.values(copying)) samples.length = 0;
  const samples = await interleave<string>(rounds, sides);
  const of = (key: string, what: string) => side(what, samples[key] ?? []);
  const plain = of('restart', 'systemctl restart');
  const copied = side('of it the copying', copying.copied);
  const plus = walk === true ? 50 + copied.median : 50;
  const target = { times: 1.3, plus: Math.round(plus) };
  const title = walk === true ? `away, ${name} (plus the walk)` : `away, ${name}`;
  const main = noLonger(title, of('refit', `refit upgrade, ${name}`), plain, target);
  const measures: Measure[] = [{ ...main, bytes, sides: [...main.sides, copied] }];
  if (atLast) {
    const late = of('late', 'refit upgrade, 1 MB at the last moment');
    const last = noLonger(`${title}, 1 MB at the last moment`, late, plain, target);
    measures.push({ ...last, bytes, sides: [...last.sides, side('of it the copying', copying.armed)] });
  }
  if (each.id === '1gb') measures.push(...(await atOneGigabyte(host, samples['refit'] ?? [], rounds, bytes)));
  return measures;
}

async function atOneGigabyte(
  host: WindowHost,
  upgrades: readonly number[],
  rounds: number,
  bytes: number,
): Promise<readonly Measure[]> {
  const manual: number[] = [];
  for (let round = 0; round < MANUAL_ROUNDS; round += 1) manual.push(await host.awayDuring(['sh', '-c', MANUAL]));
  const [away, whole]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await host.upgrade();
    const back = await host.rollback();
    away.push(back.away);
    whole.push(back.whole);
  }
  const byHand = noLonger(
    'away, 1 GB, against a hundredth of the runbook by hand',
    side('refit upgrade', upgrades),
    side('the runbook by hand', manual),
    { times: 0.01 },
  );
  const back = within('away, rollback with 1 GB of data', side('refit rollback', away), ROLLBACK_MS);
  return [
    { ...byHand, bytes },
    { ...back, bytes, sides: [...back.sides, side('the whole command', whole)] },
  ];
}
