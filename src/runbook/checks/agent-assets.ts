import type { Check } from './check.ts';

/** Would agents of another architecture be left with the old binary? Each archive holds only its own architecture's. */
export const checkAgentAssets: Check = async ({ workshop, found, facts }) => {
  const planned = new Set(facts.files.map(({ target }) => target));
  const left: string[] = [];
  for (const { path, arch } of found.installation.targets) {
    if (arch === facts.installation.arch || planned.has(path)) continue;
    if ((await workshop.host.files.stat(path)) !== undefined) left.push(path);
  }
  if (left.length === 0) return [];
  return [
    {
      code: 'agent-assets',
      severity: 'warning',
      measured: `${left.join(', ')} stays at ${facts.installation.version}`,
      limit: 'agents of every architecture at the new version',
      remedy: 'use --source with the archives of both architectures',
    },
  ];
};
