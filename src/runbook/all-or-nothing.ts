import { versionLeft } from '../engine/hop.ts';
import type { Plan } from '../engine/plan.ts';
import { AGENT_POLICY } from './checks/agent-policy.ts';
import { compile } from './compile.ts';
import { type Facts, factsOf } from './facts.ts';
import { formerOwners } from './former-owners.ts';
import { firstHop } from './hops.ts';
import { outputOf, textOf } from './outputs.ts';
import type { StoredRun } from './store/runs.ts';
import { isCopyTrusted } from './verdict.ts';

/**
 * The run of its own that goes back to where a run of several hops began, where a person agreed beforehand that it is all or
 * nothing and some hops are committed. Undefined where nothing follows: the host stays where it is. What it needs is in the
 * journal of that run alone, so that the guard can begin it with nobody there. `token`: the API token is still at hand.
 */
export function planBackToStart({ id, state }: Pick<StoredRun, 'id' | 'state'>, token: boolean): Plan | undefined {
  const left = versionLeft(state);
  const start = firstHop(state);
  const before = factsOf(start.plan);
  const agreed = state.ended === 'partial' && before.options.allOrNothing === true;
  // A copy that could not be restored then is not put back now.
  if (!agreed || left === undefined || !isCopyTrusted(start)) return undefined;
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
      root: `${before.generations}/${id}`,
      run: id,
      dataChoice: { keeps: false, because: 'asked' },
      left,
      filesSha256: textOf(outputOf(start, 'copy-live'), 'filesSha256'),
      manifestSha256: textOf(outputOf(start, 'copy-data'), 'manifestSha256'),
    },
    options: { ...kept, waived, token, holdAgents: options.holdAgents && token, spotChecks: [], archive: undefined },
  };
  return { ...compile('rollback', facts), undoes: id };
}
