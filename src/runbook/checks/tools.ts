import type { Check } from './check.ts';

/** Programs refit starts. Found missing in the middle of the window it would be too late. */
const COREUTILS = ['stat', 'cp', 'mv', 'rm', 'mkdir', 'touch', 'sync', 'sha256sum'];
const TOOLS = ['env', 'find', 'xargs', 'grep', 'tar', 'setpriv', 'nice', 'ionice', ...COREUTILS];
const SYSTEMD_TOOLS = ['systemctl', 'systemd-run', 'journalctl'];
const EMBEDDED_TOOLS = ['flock', 'sh'];

/** Are the programs there that refit starts? */
export const checkTools: Check = async ({ workshop, facts }) => {
  const wanted = [...TOOLS, ...(facts.installation.manager === 'systemd' ? SYSTEMD_TOOLS : EMBEDDED_TOOLS)];
  const missing: string[] = [];
  for (const tool of wanted) if ((await workshop.host.commands.find(tool)) === undefined) missing.push(tool);
  return [
    {
      code: 'tool-missing',
      severity: missing.length === 0 ? 'ok' : 'inhibit',
      measured: missing.length === 0 ? `${wanted.length} programs found` : `not found: ${missing.join(', ')}`,
      limit: 'GNU coreutils, findutils, grep, tar, util-linux',
      remedy: 'install coreutils, findutils, grep, tar and util-linux',
    },
  ];
};
