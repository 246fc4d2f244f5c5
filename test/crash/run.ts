import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Arena, type Choice, only, quickly, runMatrix, type Sampled, type Trial, wholly } from './matrix.ts';
import { idOf, partOf } from './points.ts';
import { SCENARIOS } from './scenarios.ts';
import { slotArenas } from './slots.ts';
import { hostArena } from './systemd/arena.ts';
import { GUARD_SCENARIOS } from './systemd/scenarios.ts';

const HELP = `npm run crash -- [--systemd] [--quick] [--json] [--jobs N] [--part N/M] [--scenario NAME…] [--only POINT]

Upgrades the sample server again and again; each time the worker is killed, or a write of it fails, at another of its
effects. Then one command follows, and the machine must be wholly new or wholly old.

  --systemd        on throw-away hosts with a real systemd (root): no command follows once the guard is armed
  --quick          a fixed sample, for CI
  --part N/M       of the points, every Mth from the Nth: the parts 1/M to M/M are the whole
  --json           one line {effects, killPoints, faults, inconsistent} on stdout
  --jobs N         trials at a time (default: one per processor)
  --scenario NAME  only this scenario; may be repeated
  --only POINT     only this point, e.g. 117:before or 42:ENOSPC-middle
  --all            print every trial
`;

const OPTIONS = {
  systemd: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  jobs: { type: 'string', default: String(os.availableParallelism()) },
  part: { type: 'string', default: '1/1' },
  scenario: { type: 'string', multiple: true },
  only: { type: 'string' },
} as const;

type Arenas<S> = (directory: string, jobs: number, ended: AsyncDisposableStack) => Promise<readonly Arena<S>[]>;

const slots: Arenas<(typeof SCENARIOS)[number]> = (directory, jobs) => slotArenas({ directory, jobs });
const hosts: Arenas<(typeof GUARD_SCENARIOS)[number]> = (directory, jobs, ended) =>
  Promise.all(Array.from({ length: jobs }, (_, n) => hostArena(`crash-${n + 1}`, directory, ended)));

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return values.systemd ? run(GUARD_SCENARIOS, hosts, values) : run(SCENARIOS, slots, values);
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

async function run<S extends Sampled>(all: readonly S[], open: Arenas<S>, values: Values): Promise<number> {
  const named = values.scenario ?? [];
  const scenarios = all
    .filter(({ name }) => named.length === 0 || named.includes(name))
    .filter(({ quick }) => !values.quick || quick.kills + quick.faults > 0);
  const unknown = named.find((asked) => !scenarios.some(({ name }) => name === asked));
  if (unknown !== undefined) {
    process.stderr.write(`No scenario "${unknown}": ${all.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const [part = 1, of = 1] = values.part.split('/').map(Number);
  const chosen = values.only !== undefined ? only(values.only) : values.quick ? quickly : wholly;
  const choose: Choice = (scenario, effects) => partOf(chosen(scenario, effects), part, of);
  const onTrial = (trial: Trial) => {
    if (trial.verdict.problems.length > 0 || values.all) process.stderr.write(described(trial, values.systemd));
  };
  await using ended = new AsyncDisposableStack();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-crash-'));
  ended.defer(() => fs.rmSync(directory, { recursive: true, force: true }));
  const arenas = await open(directory, Number(values.jobs), ended);
  const { effects, killPoints, faults, bad } = await runMatrix({ scenarios, arenas, choose, onTrial });
  const inconsistent = bad.length;
  const line = `effects ${effects} · kill points ${killPoints} · faults ${faults} · inconsistent ${inconsistent}`;
  process.stderr.write(`${line}\n`);
  process.stdout.write(
    values.json ? `${JSON.stringify({ effects, killPoints, faults, inconsistent })}\n` : `${line}\n`,
  );
  return inconsistent > 0 || killPoints + faults === 0 ? 1 : 0;
}

function described({ scenario, point, verdict }: Trial, systemd: boolean): string {
  const { problems, ended, reached } = verdict;
  const where = point === undefined ? 'undisturbed' : `${idOf(point)} · ${point.spot.name}`;
  const head = `${scenario.name} · ${where} · ${reached ? ended : 'not reached'}\n`;
  if (problems.length === 0) return head;
  const only = point === undefined ? '' : ` --only ${idOf(point)}`;
  const replay = `npm run crash -- ${systemd ? '--systemd ' : ''}--scenario '${scenario.name}'${only}`;
  return `INCONSISTENT ${head}${problems.map((problem) => `  ${problem}\n`).join('')}  replay: ${replay}\n`;
}

process.exitCode = await main();
