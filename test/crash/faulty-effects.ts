import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Effect, type Effects, plainEffects } from '../../src/host/effects.ts';
import { type Faults, faultyEffects } from '../../src/host/faults.ts';
import { type Injection, injectionPath, nameOf, type Place, type Spot } from './injection.ts';

const CHILD_AT_WORK_MS = 3;

/** For the process that this is. A worker's lie in a file, because its environment is empty; a viewer, only looked at, has its own there. */
export function injectedEffects(): Effects {
  const file = injectionFile();
  const viewers = process.env['CRASH_INJECTION'];
  if (file === undefined) return viewers === undefined ? plainEffects : effectsOf(JSON.parse(viewers) as Injection);
  if (!fs.existsSync(file)) return plainEffects;
  const injection = JSON.parse(fs.readFileSync(file, 'utf8')) as Injection;
  const isSpent = injection.firedPath !== undefined && fs.existsSync(injection.firedPath);
  return isSpent ? plainEffects : effectsOf(injection);
}

/** `worker <state>/<installation>/runs/<run>/request-<nonce>.json`, or `guard <state> <installation>`. */
function injectionFile(): string | undefined {
  const [, , verb, first] = process.argv;
  if (first === undefined) return undefined;
  if (verb === 'worker') return injectionPath(path.resolve(first, '../../../..'), 'worker');
  return verb === 'guard' ? injectionPath(first, 'guard') : undefined;
}

function effectsOf(injection: Injection): Effects {
  const { prefix = '', tracePath, markers, spot, stays, firedPath } = injection;
  const whole = faultyEffects({
    ...(tracePath === undefined ? {} : { tracePath }),
    ...(markers === undefined ? {} : { markers }),
  });
  const fits = spot === undefined ? () => false : fitting(spot);
  let seen = 0;
  let broken = false;
  return {
    async run(effect, act) {
      const fit = fits(nameOf(effect.label, prefix));
      if (fit) seen += 1;
      const hit = fit && seen === spot?.nth;
      if (hit && firedPath !== undefined) fs.writeFileSync(firedPath, '');
      if (hit) {
        broken = stays === true;
        return suffer(injection, effect, act);
      }
      if (broken && !effect.label.startsWith('remove ')) return suffer({ ...injection, kill: undefined }, effect, act);
      return whole.run(effect, act);
    },
  };
}

function fitting(spot: Spot | Place): (name: string) => boolean {
  if ('name' in spot) return (name) => name === spot.name;
  const pattern = new RegExp(spot.pattern);
  return (name) => pattern.test(name);
}

/** One effect under a twin of its own, in which it is number 1. */
async function suffer<T>(
  { kill, fail }: Partial<Pick<Injection, 'fail'>> & { readonly kill?: Injection['kill'] | undefined },
  effect: Effect,
  act: (middle: () => void) => Promise<T>,
): Promise<T> {
  if (kill === 'during') {
    const [result] = await Promise.all([act(() => undefined), delay(CHILD_AT_WORK_MS).then(die)]);
    return result;
  }
  const faults: Faults = {
    ...(kill === undefined ? {} : { killAt: killAt(kill) }),
    ...(fail === undefined ? {} : { failAt: { n: 1, ...fail } }),
  };
  return faultyEffects(faults).run(effect, act);
}

function killAt(moment: Exclude<NonNullable<Injection['kill']>, 'during'>): NonNullable<Faults['killAt']> {
  if (moment === 'before' || moment === 'after') return { n: 1, when: moment };
  return { n: 1, when: 'middle', nth: Number(moment.slice('middle-'.length)) };
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
