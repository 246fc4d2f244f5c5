// refit, whose worker holds still (SIGSTOP) once the record that `<directory>/hold-at` names is durable, once: so that a test can
// kill it, signal it or look at the machine exactly there. Viewers are as they ship. A plan, which has no worker, holds still
// after the effect whose label ends as named.
import fs from 'node:fs';
import path from 'node:path';
import { type Effects, plainEffects } from '../../../src/host/effects.ts';
import { main } from '../../../src/main.ts';
import { recordWritten, workersDirectory } from './worker-effects.ts';

function holding(directory: string): Effects {
  const wish = path.join(directory, 'hold-at');
  return {
    async run(effect, act) {
      const done = await act(() => undefined);
      if (!fs.existsSync(wish)) return done;
      const point = fs.readFileSync(wish, 'utf8');
      const record = recordWritten(effect);
      if (point !== record && !effect.label.endsWith(point)) return done;
      fs.renameSync(wish, path.join(directory, 'held-at'));
      process.kill(process.pid, 'SIGSTOP');
      return done;
    },
  };
}

const [, , verb] = process.argv;
const worked = workersDirectory(process.argv);
const prefix = process.argv[process.argv.indexOf('--prefix') + 1];
const held = verb === 'plan' && prefix !== undefined ? path.dirname(prefix) : worked;
await main(held === undefined ? plainEffects : holding(held));
