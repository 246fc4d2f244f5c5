import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type MatrixOptions, only, quickly, runMatrix, type Trial, wholly } from './matrix.ts';
import { idOf } from './points.ts';
import { SCENARIOS } from './scenarios.ts';

const HELP = `npm run crash -- [--quick] [--json] [--jobs N] [--scenario NAME] [--only POINT]

Upgrades the sample server again and again; each time the worker is killed, or a write of it fails, at another of its
effects. Then one command follows, and the machine must be wholly new or wholly old.

  --quick          a fixed sample, for CI
  --json           one line {effects, killPoints, faults, inconsistent} on stdout
  --jobs N         trials at a time (default: one per processor)
  --scenario NAME  only this scenario
  --only POINT     only this point, e.g. 117:before or 42:ENOSPC-middle
  --all            print every trial
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(os.availableParallelism()) },
      scenario: { type: 'string' },
      only: { type: 'string' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const scenarios = SCENARIOS.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  if (scenarios.length === 0) {
    process.stderr.write(`No scenario "${values.scenario}": ${SCENARIOS.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const choose: MatrixOptions['choose'] =
    values.only !== undefined ? only(values.only) : values.quick ? quickly : wholly;
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-crash-'));
  const show = (trial: Trial) => {
    if (trial.verdict.problems.length > 0 || values.all) process.stderr.write(described(trial));
  };
  try {
    const { effects, killPoints, faults, bad } = await runMatrix({
      directory,
      scenarios,
      choose,
      jobs: Number(values.jobs),
      onTrial: show,
    });
    const inconsistent = bad.length;
    const line = `effects ${effects} · kill points ${killPoints} · faults ${faults} · inconsistent ${inconsistent}`;
    process.stderr.write(`${line}\n`);
    process.stdout.write(
      values.json ? `${JSON.stringify({ effects, killPoints, faults, inconsistent })}\n` : `${line}\n`,
    );
    return inconsistent > 0 || killPoints + faults === 0 ? 1 : 0;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function described({ scenario, point, verdict }: Trial): string {
  const { problems, ended, reached } = verdict;
  const where = point === undefined ? 'undisturbed' : `${idOf(point)} · ${point.spot.name}`;
  const head = `${scenario.name} · ${where} · ${reached ? ended : 'not reached'}\n`;
  if (problems.length === 0) return head;
  const only = point === undefined ? '' : ` --only ${idOf(point)}`;
  const replay = `npm run crash -- --scenario '${scenario.name}'${only}`;
  return `INCONSISTENT ${head}${problems.map((problem) => `  ${problem}\n`).join('')}  replay: ${replay}\n`;
}

process.exitCode = await main();
