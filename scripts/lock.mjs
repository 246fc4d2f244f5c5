// Completes package-lock.json after `npm install`. A registry mirror may lack a tool's builds for other platforms; npm then
// leaves them out of the lockfile and every later `npm ci` refuses it. They are named here without a digest: npm skips
// them by `os`, `cpu` and `libc`, so nothing unproven is ever fetched on Linux.
import fs from 'node:fs';
import path from 'node:path';

const file = path.resolve(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const known = /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|wasm32|win32)-?(\w*)(?:-(\w+))?$/;

for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key]) continue;
    const [, os, cpu, libc] = name.match(known) ?? [];
    if (os === undefined || /^[\d.]+$/.test(version) === false)
      throw new Error(`Cannot tell the platform of ${name}@${version}`);
    const entry = { version, dev: true, optional: true };
    lock.packages[key] = os === 'wasm32' ? { ...entry, cpu: ['wasm32'] } : { ...entry, cpu: [cpu], os: [os] };
    if (libc?.startsWith('musl')) lock.packages[key].libc = ['musl'];
    console.error(`refit: ${name} ${version} named without a digest`);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
