// refit, whose worker holds still (SIGSTOP) once the record that `<directory>/hold-at` names is durable, once: so that a test can
// kill it, signal it or look at the machine exactly there. Viewers are as they ship. A plan, which has no worker, holds still
// after the effect whose label ends as named.
import fs from 'node:fs';
import path from 'node:path';
import { type Effects, plainEffects } from '../../../src/host/effects.ts';
import { main } from '../../../src/main.ts';

interface Line {
  readonly type: string;
  readonly step?: number;
  readonly plan?: { readonly hops: readonly { readonly steps: readonly { readonly kind: string }[] }[] };
}

/** "step.end swap-files", of the last line of a journal. */
function lastRecord(journal: string): string {
  const lines = fs.readFileSync(journal, 'utf8').trimEnd().split('\n');
  const [first, last] = [lines.at(0), lines.at(-1)].map((line) => JSON.parse(line ?? '') as Line);
  const kinds = first?.plan?.hops.flatMap(({ steps }) => steps.map(({ kind }) => kind)) ?? [];
  return last?.step === undefined ? (last?.type ?? '') : `${last.type} ${kinds[last.step]}`;
}

function holding(directory: string): Effects {
  const wish = path.join(directory, 'hold-at');
  return {
    async run(effect, act) {
      const done = await act(() => undefined);
      if (!fs.existsSync(wish)) return done;
      const point = fs.readFileSync(wish, 'utf8');
      const [, journal] = /(\/\S*\/journal\.jsonl)$/.exec(effect.label) ?? [];
      const record = effect.kind === 'write' && journal !== undefined ? lastRecord(journal) : undefined;
      if (point !== record && !effect.label.endsWith(point)) return done;
      fs.renameSync(wish, path.join(directory, 'held-at'));
      process.kill(process.pid, 'SIGSTOP');
      return done;
    },
  };
}

const [, , verb, request] = process.argv;
// <directory>/prefix/var/refit/sample/runs/<run>/request-….json
const worked = verb === 'worker' && request !== undefined ? path.resolve(request, '../../../../../../..') : undefined;
const prefix = process.argv[process.argv.indexOf('--prefix') + 1];
const held = verb === 'plan' && prefix !== undefined ? path.dirname(prefix) : worked;
await main(held === undefined ? plainEffects : holding(held));
