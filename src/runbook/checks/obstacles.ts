import { fileCount } from '../words.ts';
import type { CheckResult, HostChecked } from './check.ts';

/** Can every file be replaced where it is: writable, not immutable, no package's? */
export async function checkObstacles({ found, facts }: HostChecked): Promise<readonly CheckResult[]> {
  const all = await found.rooms.layout.obstacles(facts.files.map(({ target }) => target));
  // A directory that is not there yet is made when the file is staged: nothing of it was installed so far.
  const standing = all.filter(({ kind }) => kind !== 'no-directory');
  if (standing.length === 0) {
    const measured = `${fileCount(facts.files.length)} can be replaced`;
    return [{ code: 'files', severity: 'ok', measured, limit: 'all of them', remedy: 'nothing to do' }];
  }
  return standing.map(({ kind, path, saw, remedy }) => ({
    code: kind,
    severity: 'inhibit',
    measured: `${path}: ${saw}`,
    limit: 'a file that can be replaced by a rename',
    remedy,
  }));
}
