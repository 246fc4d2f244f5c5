import { expect, test } from 'vitest';
import { replay } from '../../../src/engine/replay.ts';
import { standingOf } from '../../../src/engine/standing.ts';
import type { Host } from '../../../src/host/host.ts';
import { compile } from '../../../src/runbook/compile.ts';
import type { RunOptions } from '../../../src/runbook/facts.ts';
import { logOutcome } from '../../../src/runbook/worker/log-outcome.ts';
import { realHost } from '../../data/workbench.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin } from '../records.ts';

/** What the system's log is told of a run that was turned back at once. */
async function logged(options: Partial<RunOptions>): Promise<string | undefined> {
  const facts = await dockmeshFacts();
  const plan = compile('upgrade', { ...facts, options: { ...facts.options, ...options } });
  const state = replay([
    begin(plan),
    { type: 'run.turn', reason: 'operator' },
    { type: 'run.end', outcome: 'restored' },
  ]);
  if (state === undefined) throw new Error('a journal that begins has a state');
  const { commands, identity } = realHost();
  let said: string | undefined;
  const run: Host['commands']['run'] = (argv, given) => {
    said = argv.at(-1);
    return commands.run(['true'], given);
  };
  const host = {
    commands: { ...commands, run, find: async () => '/usr/bin/logger' },
    identity: { ...identity, uid: 0 },
  };
  const request = { by: 'ada', run: 'R', installation: 'dockmesh' } as Parameters<typeof logOutcome>[1];
  await logOutcome(host, request, state, standingOf(state));
  return said;
}

test('one line: who, what, outcome', async () => {
  expect(await logged({ waivers: [] })).toBe(
    'ada: upgrade of dockmesh from v0.2.9 to v0.2.13: untouched (exit 0, run R)',
  );
});

test('and what was waived, by whom and why', async () => {
  const waiver = { code: 'low-space', who: 'ada', why: 'it grows tonight', measured: 'm', limit: 'l' };
  expect(await logged({ waivers: [waiver, { ...waiver, code: 'files', why: null }] })).toMatch(
    /\(exit 0, run R\); waived low-space by ada: it grows tonight; waived files by ada$/,
  );
});
