import { versionLeft } from '../engine/hop.ts';
import type { Plan } from '../engine/plan.ts';
import type { RunState } from '../engine/replay.ts';
import { AGENT_POLICY } from './checks/agent-policy.ts';
import { compile } from './compile.ts';
import { type Facts, factsOf } from './facts.ts';
import { formerOwners } from './former-owners.ts';
import { firstHop } from './hops.ts';
import { keptBy } from './kept-by.ts';
import type { StoredRun } from './store/runs.ts';
import { isCopyTrusted } from './verdict.ts';

/**
 * Whether another run follows from one that ended: a person agreed beforehand that it is all or nothing, and some hops are
 * committed. A copy that could not be restored then is not put back now: the host stays where it is.
 */
export function goesBackToStart(state: RunState): boolean {
  const agreed = state.ended === 'partial' && factsOf(state.plan).options.allOrNothing === true;
  return agreed && isCopyTrusted(firstHop(state));
}

/**
 * The run of its own that goes back to where a run of several hops began; undefined where none follows. What it needs is in
 * the journal of that run alone, so that the guard can begin it with nobody there. `token`: the API token is still at hand.
 */
export function planBackToStart(run: Pick<StoredRun, 'id' | 'state'>, token: boolean): Plan | undefined {
  const { id, state } = run;
  const left = versionLeft(state);
  if (!goesBackToStart(state) || left === undefined) return undefined;
  const before = factsOf(firstHop(state).plan);
  const { installation, options } = before;
  // A maintenance window was for the way there: who agreed to all or nothing is not left in between for it.
  const { notBefore: _notBefore, notAfter: _notAfter, ...kept } = options;
  // Without it nobody can tell the agents to wait, and that is no reason to stay between two versions.
  const waived = token ? options.waived : [...options.waived, AGENT_POLICY];
  const facts: Facts = {
    ...before,
    ...formerOwners(state),
    installation: { ...installation, version: left, commit: undefined },
    target: {
      kind: 'generation',
      version: installation.version,
      run: id,
      ...keptBy(run),
      dataChoice: { keeps: false, because: 'asked' },
      left,
    },
    options: { ...kept, waived, token, holdAgents: options.holdAgents && token, spotChecks: [], archive: undefined },
  };
  return { ...compile('rollback', facts), undoes: id };
}
