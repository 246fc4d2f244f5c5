// `npm ci` deletes node_modules/.bin/node; this root `prepare` script puts the link to the pinned Node back.
// No dependencies, and it must run on the Node a newcomer starts with (20 or later).
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const pinned = path.join(root, 'tools/node/node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
const link = path.join(root, 'node_modules/.bin/node');

const target = path.relative(path.dirname(link), pinned);
const seen = fs.lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ? fs.readlinkSync(link) : undefined;

// One that is right is left alone, another is replaced at once: beside us a script may be looking for its Node.
if (fs.existsSync(pinned) && seen !== target) {
  fs.mkdirSync(path.dirname(link), { recursive: true });
  const part = `${link}.${process.pid}`;
  fs.symlinkSync(target, part);
  fs.renameSync(part, link);
}
