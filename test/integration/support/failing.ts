// refit, whose worker meets a disk error at its first change of the machine after the record that `<directory>/fail-after` names,
// once. Somebody else writes to a file at that moment.
import fs from 'node:fs';
import path from 'node:path';
import { type Effects, plainEffects } from '../../../src/host/effects.ts';
import { main } from '../../../src/main.ts';
import { recordWritten, workersDirectory } from './worker-effects.ts';

const OWN = /\/(journal\.jsonl|events\.ndjson)$/;

/** What the next worker is to suffer, and where. */
export interface Failing {
  readonly after: string;
  readonly appendTo: string;
}

function wishIn(file: string): Failing {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Failing) : { after: '', appendTo: '' };
}

function failing(directory: string): Effects {
  const wish = path.join(directory, 'fail-after');
  const { after, appendTo } = wishIn(wish);
  let armed = false;
  return {
    async run(effect, act) {
      if (armed && /^(write|change)$/.test(effect.kind) && !OWN.test(effect.label)) {
        armed = false;
        fs.renameSync(wish, path.join(directory, 'failed-after'));
        fs.appendFileSync(appendTo, 'meanwhile\n');
        throw Object.assign(new Error('EIO: injected'), { code: 'EIO', errno: -5 });
      }
      const done = await act(() => undefined);
      if (recordWritten(effect) === after && fs.existsSync(wish)) armed = true;
      return done;
    },
  };
}

const directory = workersDirectory(process.argv);
await main(directory === undefined ? plainEffects : failing(directory));
