// Makes a fresh clone ready, whatever Node it is started with (20 or later): packages by `npm ci`, and the pinned Node
// for every npm script. No dependencies. Quick when there is nothing to do. Arguments name further folders of tools/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const platform = `${process.platform}-${process.arch}`;

/** One `npm ci` and what tells that it is still good: the digest of its lockfile, kept inside node_modules. */
function install(folder, what) {
  const stamp = path.join(folder, 'node_modules/.refit-setup');
  const lock = fs.readFileSync(path.join(folder, 'package-lock.json'));
  const expected = createHash('sha256').update(platform).update(lock).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === expected) return;

  process.stderr.write(`refit: installing ${what}, once\n`);
  // A newcomer's NODE_ENV=production or npm settings must not leave out what the scripts need.
  const argv = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const [program, ...first] = npm?.endsWith('.js') ? [node ?? process.execPath, npm] : ['npm'];
  // stdout belongs to the command that comes after us (`npm run crash -- --json`).
  const child = spawnSync(program, [...first, ...argv], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (child.status !== 0) {
    const saw = child.error?.message ?? `exit ${child.status ?? child.signal}`;
    process.stderr.write(`refit: Cannot install ${what} in ${folder}: npm ci ended with ${saw}, expected exit 0\n`);
    process.exit(1);
  }
  fs.writeFileSync(stamp, expected);
}

// tools/node comes first: the root's `prepare` script links it.
for (const name of ['node', ...process.argv.slice(2)]) {
  const { description } = JSON.parse(fs.readFileSync(path.join(root, 'tools', name, 'package.json'), 'utf8'));
  install(path.join(root, 'tools', name), description);
}
install(root, 'the packages of package-lock.json');
await import('./link-node.mjs');

if (!fs.existsSync(path.join(root, 'node_modules/.bin/node')) && Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `refit: Cannot provide Node 24 on ${platform}: saw Node ${process.versions.node}, expected 24\n`,
  );
  process.exit(1);
}
