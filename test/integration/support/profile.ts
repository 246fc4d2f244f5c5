import fs from 'node:fs';
import path from 'node:path';
import type { Scene } from './scene.ts';

/** Lines of the built-in profile that a test may write otherwise. */
const KNOBS = {
  startTimeout: '\n  start_timeout: ',
  timeout: '\n  timeout: ',
  soak: '\n  soak: ',
} as const;

/** The built-in profile of the sample with other times, in a file of the scene's. */
export function profileWith(
  { directory }: Pick<Scene, 'directory'>,
  times: Partial<Record<keyof typeof KNOBS, string>>,
): string {
  const builtin = path.resolve(import.meta.dirname, '../../../src/product/profiles/sample.yaml');
  let text = fs.readFileSync(builtin, 'utf8');
  for (const [knob, time] of Object.entries(times)) {
    const key = KNOBS[knob as keyof typeof KNOBS];
    const at = text.lastIndexOf(key);
    if (at === -1) throw new Error(`no ${knob} in ${builtin}`);
    text = text.slice(0, at + key.length) + text.slice(at + key.length).replace(/^\w+/, time);
  }
  const file = path.join(directory, 'times.yaml');
  fs.writeFileSync(file, text);
  return file;
}
