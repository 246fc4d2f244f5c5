import type { Checked, CheckResult } from './check.ts';

export const AGENT_POLICY = 'agent-policy';

/** Would the new server replace its agents within a minute of its boot, before any verdict? */
export async function checkAgentPolicy({
  facts,
  peek,
}: Pick<Checked, 'facts' | 'peek'>): Promise<readonly CheckResult[]> {
  const { agents } = facts.profile;
  if (agents === undefined) return [];
  const { safe } = agents.policy;
  const limit = `"${safe}", or a token with which refit sets it for the window`;
  const code = AGENT_POLICY;
  if (facts.options.holdAgents) {
    return [{ code, severity: 'ok', measured: 'set by refit for the window', limit, remedy: 'nothing to do' }];
  }
  const mode = facts.options.token ? safe : peek?.agentMode;
  if (mode === safe) return [{ code, severity: 'ok', measured: `"${safe}"`, limit, remedy: 'nothing to do' }];
  return [
    {
      code,
      severity: mode === undefined ? 'warning' : 'inhibit',
      measured: mode === undefined ? 'not checked: no token, and no readable copy of the database' : `"${mode}"`,
      limit,
      remedy: `--token-file FILE, or set the policy to "${safe}" yourself`,
    },
  ];
}
