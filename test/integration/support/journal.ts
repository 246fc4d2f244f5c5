import fs from 'node:fs';
import path from 'node:path';
import type { Scene } from './scene.ts';

/** Names of the runs, oldest first. */
export function runsOf({ state }: Scene): readonly string[] {
  const runs = path.join(state, 'runs');
  return fs.existsSync(runs) ? fs.readdirSync(runs).sort() : [];
}

/** A file of the newest run. */
export function ofRun(scene: Scene, name: string): string {
  return path.join(scene.state, 'runs', runsOf(scene).at(-1) ?? 'none', name);
}

/** Records of the newest run, as "step.end swap-files" or "run.end restored". */
export function recordsOf(scene: Scene): readonly string[] {
  const lines = linesOf(ofRun(scene, 'journal.jsonl'));
  const plan = lines[0]?.['plan'] as { hops: { steps: { kind: string }[] }[] } | undefined;
  const kinds = plan?.hops.flatMap(({ steps }) => steps.map(({ kind }) => kind)) ?? [];
  return lines.map(({ type, step, reason, outcome }) =>
    [type, typeof step === 'number' ? kinds[step] : (reason ?? outcome)].filter((word) => word !== undefined).join(' '),
  );
}

/** What the steps of the newest run said while they worked, a line each. */
export function notesOf(scene: Scene): string {
  const file = ofRun(scene, 'events.ndjson');
  if (!fs.existsSync(file)) return '';
  const notes = linesOf(file).flatMap(({ progress }) => {
    const { text } = (progress ?? {}) as { text?: string };
    return text === undefined ? [] : [text];
  });
  return notes.join('\n');
}

export function linesOf(file: string): readonly Readonly<Record<string, unknown>>[] {
  const text = fs.readFileSync(file, 'utf8');
  // A worker may be in the middle of the last one.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
