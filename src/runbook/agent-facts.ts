import { expand } from '../product/template.ts';
import type { Facts } from './facts.ts';
import type { Found } from './find.ts';
import type { Peek } from './peek.ts';
import { policyApi } from './steps/hold-agents.ts';

/** Which architectures agents have, and whether they must be told to wait. */
export async function agentFacts(
  { profile, rooms }: Found,
  facts: Facts,
  token: string | undefined,
  looked: Peek | undefined,
): Promise<{ readonly arches: readonly string[]; readonly hold: boolean }> {
  const { agents } = profile;
  if (agents === undefined) return { arches: [], hold: false };
  const fromCopy = looked?.agentArches ?? [];
  if (token === undefined) return { arches: fromCopy, hold: false };
  const { mode } = await rooms.fleet.readPolicy(policyApi(facts), token);
  const { list } = agents;
  const api =
    list === undefined ? undefined : { url: expand(list.url, facts.installation.scope), archField: list.arch_field };
  const fromApi = api === undefined ? [] : await rooms.fleet.architectures(api, token);
  return { arches: [...fromApi, ...fromCopy], hold: mode !== agents.policy.safe };
}
