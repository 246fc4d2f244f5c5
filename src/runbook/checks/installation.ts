import type { Check } from './check.ts';

/** What the installation's own configuration says: found while it was detected. */
export const checkInstallation: Check = async ({ found }) => found.installation.findings;
