import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder hold these files and no others; `files` is from absolute path to contents. What is the same already is not
 * touched, and each file is there whole or not at all: a refit that runs from there meanwhile has not loaded all of itself.
 */
export function replaceTree(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [file, contents] of files) {
    if (fs.existsSync(file) && fs.readFileSync(file).equals(contents)) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const part = `${file}.${process.pid}.part`;
    fs.writeFileSync(part, contents);
    fs.renameSync(part, file);
  }
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !files.has(file)) fs.rmSync(file, { force: true });
  }
}
