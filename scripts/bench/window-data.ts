import { interleave, type Measure, noLonger, type Report, side } from './measure.ts';
import { DATA, INSTALLED, type WindowHost, withWindowHost } from './window-host.ts';

const MIB = 2 ** 20;

/** What lies in the data directory. */
interface Case {
  readonly name: string;
  readonly rounds: number;
  /** Shell words that fill the empty directory. */
  readonly fill: string;
  /** The walk over many small files is no part of the target. */
  readonly target: boolean;
}

const files = (count: number, bytes: number): string =>
  `for n in $(seq ${count}); do head -c ${bytes} /dev/urandom > ${DATA}/file-$n; done`;

const CASES: readonly Case[] = [
  { name: '100 MB in 4 files', rounds: 11, fill: files(4, 25 * MIB), target: true },
  { name: '1 GB in 4 files', rounds: 11, fill: files(4, 256 * MIB), target: true },
  { name: '4 GB in 4 files', rounds: 5, fill: files(4, 1024 * MIB), target: true },
  {
    name: '200,000 small files',
    rounds: 5,
    fill: `cd ${DATA} && for d in $(seq 200); do mkdir $d && (cd $d && seq 1000 | xargs touch && for n in $(seq 1000); do echo $n > $n; done); done`,
    target: false,
  },
];

/** One MB of the first file is written anew between the hot copy and the stop: as soon as starts are forbidden. */
const CHANGE = `rm -f /run/changed; while [ ! -e /var/lib/refit/bench/window ]; do sleep 0.005; done
f=$(find ${DATA} -type f | head -1); head -c ${MIB} /dev/urandom | dd of="$f" conv=notrunc status=none; touch /run/changed`;

/** What the vendor's guide has people do, with the binary that is there: the time for looking up the next command is not counted. */
const MANUAL = `systemctl stop bench && tar -czf /root/backup.tar.gz -C ${DATA} . && cp ${INSTALLED} ${INSTALLED}.old && cp ${INSTALLED}.old ${INSTALLED}.new && mv ${INSTALLED}.new ${INSTALLED} && systemctl start bench`;

/** The downtime of an upgrade as the data grows, against that of a restart, and at 1 GB against the vendor's runbook by hand. */
export function windowDataBench(): Promise<Report> {
  const upgrades = CASES.reduce((sum, { rounds }) => sum + rounds + 1, 0);
  return withWindowHost(upgrades, async (bench) => {
    const measures: Measure[] = [];
    for (const each of CASES) measures.push(...(await measured(bench, each)));
    return {
      bench: 'window-data',
      notes: [
        `${CASES.map(({ name, rounds }) => `${name}: ${rounds} rounds`).join('; ')}; interleaved, on a throw-away host`,
        'one prober for all, from outside, every 5 ms; 1 MB of the data changes between the copies',
      ],
      measures,
    };
  });
}

async function measured(bench: WindowHost, { name, rounds, fill, target }: Case): Promise<readonly Measure[]> {
  const { host } = bench;
  host.must(['sh', '-c', `rm -rf ${DATA} && mkdir -p ${DATA} && ${fill} && sync`]);
  const upgrade = async (): Promise<number> => {
    host.must(['systemd-run', '--quiet', '--collect', '--unit=changer', 'sh', '-c', CHANGE]);
    const away = await bench.upgrade();
    host.must(['test', '-e', '/run/changed']);
    return away;
  };
  await upgrade();
  const samples = await interleave(rounds, { refit: upgrade, restart: bench.restart });
  const ours = side(`refit upgrade, ${name}`, samples.refit);
  const plain = side('systemctl restart', samples.restart);
  const measure = noLonger(target ? `away, ${name}` : `away, ${name} (with the walk over them)`, ours, plain, {
    times: 1.3,
    plus: 50,
  });
  if (!name.startsWith('1 GB')) return [measure];
  const manual = side('the runbook by hand', [await bench.awayDuring(['sh', '-c', MANUAL])]);
  return [measure, noLonger('away, 1 GB, against a hundredth of the runbook by hand', ours, manual, { times: 0.01 })];
}
