// `npm ci` deletes node_modules/.bin/node; this root `prepare` script puts the link to the pinned Node back.
// No dependencies, and it must run on the Node a newcomer starts with (20 or later).
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const pinned = path.join(root, 'tools/node/node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
const link = path.join(root, 'node_modules/.bin/node');

if (fs.existsSync(pinned)) {
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.relative(path.dirname(link), pinned), link);
}
