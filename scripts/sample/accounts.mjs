import fs from 'node:fs';
import path from 'node:path';

/** name → id, from the host's passwd or group file; undefined if it has no such account. */
function idIn(file, name, field) {
  if (!fs.existsSync(file)) return undefined;
  const row = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([first]) => first === name);
  return row === undefined ? undefined : Number(row[field]);
}

/**
 * The account the service runs as, if the host has it: {user, group, uid, gid}, else {} and the service is root's.
 * The group is `docker` where there is one, as the product's installers do.
 */
export function serviceAccount(root, user) {
  const uid = idIn(path.join(root, 'etc/passwd'), user, 2);
  if (uid === undefined) return {};
  const docker = idIn(path.join(root, 'etc/group'), 'docker', 2);
  const gid = docker ?? idIn(path.join(root, 'etc/passwd'), user, 3);
  return { user, group: docker === undefined ? String(gid) : 'docker', uid, gid };
}

export function chownTree(top, { uid, gid }) {
  if (uid === undefined) return;
  fs.lchownSync(top, uid, gid);
  for (const entry of fs.readdirSync(top, { recursive: true, withFileTypes: true })) {
    fs.lchownSync(path.join(entry.parentPath, entry.name), uid, gid);
  }
}
