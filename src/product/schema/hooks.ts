import * as v from 'valibot';
import { duration, INSTALLED, strict, template, userName, word } from './values.ts';

/** Where a hook may stand. None inside the window: whatever it waits for, the service's users would wait for too. */
export const HOOK_PLACES = ['before-backup', 'before-window', 'after-window', 'after-health'] as const;

const argv = v.pipe(
  v.array(template(...INSTALLED, 'version', 'number')),
  v.minLength(1, 'a program and its arguments'),
  v.maxLength(100, 'at most 100 words'),
);

/** A command of the operator's own. It may be run again after a crash. */
export const hook = strict({
  name: word,
  at: v.picklist(HOOK_PLACES, `one of ${HOOK_PLACES.join(', ')}`),
  run: argv,
  /** Run on the way back, where the hook was begun: what was silenced must speak again. */
  undo: v.optional(argv),
  /** Default: who runs refit. */
  user: v.optional(userName),
  timeout: v.optional(duration, '1m'),
  /** Default: abort before the window, warn after it. */
  on_failure: v.optional(v.picklist(['abort', 'warn'], 'abort or warn')),
});
