import fs from 'node:fs';
import path from 'node:path';

const MIB = 1 << 20;
const FOLDER = 500;

/** So many files of so many bytes; of the small ones, on average. */
interface Files {
  readonly files: number;
  readonly bytes: number;
}

/** Data as servers have it, that compresses to a third: words of a small vocabulary between digits of identifiers, nowhere the same twice. */
export function mixedData(directory: string, large: Files, small: Files): void {
  fs.mkdirSync(directory);
  const words = Array.from({ length: 256 }, (_, i) =>
    Buffer.from(`${i.toString(36)}${'etaoinshrd'.slice(0, 2 + (i % 7))} `),
  );
  for (let file = 0; file < large.files; file += 1) {
    const fd = fs.openSync(path.join(directory, `large-${file}`), 'w');
    for (let left = large.bytes; left > 0; left -= MIB) fs.writeSync(fd, textOf(words), 0, Math.min(left, MIB));
    fs.closeSync(fd);
  }
  let [text, at] = [textOf(words), 0];
  for (let file = 0; file < small.files; file += 1) {
    const folder = path.join(directory, 'small', String(Math.trunc(file / FOLDER)));
    if (file % FOLDER === 0) fs.mkdirSync(folder, { recursive: true });
    // 0.1 to 1.9 times the average.
    const size = Math.trunc(small.bytes * (0.1 + (1.8 * ((file * 7919) % 1000)) / 1000));
    if (at + size > MIB) [text, at] = [textOf(words), 0];
    fs.writeFileSync(path.join(folder, String(file)), text.subarray(at, at + size));
    at += size;
  }
}

function textOf(words: readonly Buffer[]): Buffer {
  const text = Buffer.alloc(MIB + 64);
  const chance = Buffer.concat(Array.from({ length: 8 }, () => crypto.getRandomValues(Buffer.alloc(1 << 16))));
  let [filled, used] = [0, 0];
  while (filled < MIB) {
    if (used % 23 === 22) filled += text.write(chance.toString('hex', used, used + 8), filled, 'latin1');
    else filled += words[chance[used] ?? 0]?.copy(text, filled) ?? 0;
    used += 1;
  }
  return text.subarray(0, MIB);
}
