import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Policy, PolicyApi } from '../../fleet/fleet.ts';
import { expand } from '../../product/template.ts';
import type { Facts } from '../facts.ts';
import { scopeOf } from '../questions.ts';
import { readToken } from '../token.ts';
import type { World } from '../world.ts';

export type HoldAgentsUndo = { readonly mode: string; readonly body: Policy['body'] };

/**
 * In `auto` and `staged` the new server replaces its agents within a minute of its boot, before any verdict: they are told
 * to wait. Undone by the way back, restored after commit.
 */
export const holdAgents: Step<World, null, HoldAgentsUndo> = {
  async prepare({ facts, fleet, host, run }) {
    return fleet.readPolicy(policyApi(facts), await requireToken(host, run));
  },
  async change({ facts, fleet, host, run }, _input, { mode, body }) {
    const api = policyApi(facts);
    await fleet.writePolicy(api, await requireToken(host, run), { ...body, [api.field]: api.safe });
    return { from: mode, to: api.safe };
  },
  /** A server that refuses now is restored all the same: who upgrades its agents is a setting, not its version. */
  async revert(world, _input, { mode, body }) {
    try {
      await putBack(world, body);
    } catch (error) {
      if (!(error instanceof RefitError) || error.code !== 'E_API_FAILED') throw error;
      const text = `the agents' policy could not be set back to "${mode}": ${error.message}`;
      world.report({ kind: 'note', text });
    }
  },
  async discard(world, _input, { body }) {
    await putBack(world, body);
  },
};

async function putBack({ facts, fleet, host, run }: World, body: Policy['body']): Promise<void> {
  const api = policyApi(facts);
  const token = await requireToken(host, run);
  const now = await fleet.readPolicy(api, token);
  if (now.mode !== body[api.field]) await fleet.writePolicy(api, token, body);
}

/** The profile's agent policy for this installation. */
export function policyApi(facts: Facts): PolicyApi {
  const { agents } = facts.profile;
  if (agents === undefined) throw new Error('internal: this product has no agents');
  const { url, field, safe, keep } = agents.policy;
  return { url: expand(url, scopeOf(facts)), field, safe, keep };
}

async function requireToken(host: World['host'], run: World['run']): Promise<string> {
  const token = await readToken(host.files, run.paths);
  if (token !== undefined) return token;
  throw new RefitError('E_API_FAILED', `Cannot set the agents' policy: ${run.paths.token} is gone`, {
    hint: 'Type the command again with --token-file',
  });
}
