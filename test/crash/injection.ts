import path from 'node:path';
import type { Errno } from '../../src/host/faults.ts';

/** One effect of a worker, by a name that is the same in every trial: numbers shift when events are written in between. */
export interface Spot {
  readonly name: string;
  /** Which effect of that name, from 1. */
  readonly nth: number;
}

/** The nth effect whose name fits, from 1. */
export interface Place {
  readonly pattern: string;
  readonly nth: number;
}

/** Where a worker dies: around an effect, in the nth middle of a write, or while a child of it works. */
export type Moment = 'before' | 'after' | 'during' | `middle-${number}`;

/** What the next worker of an installation is to suffer. Lies in its state directory, because a worker's environment is empty. */
export interface Injection {
  /** Left out of the names of effects. */
  readonly prefix?: string;
  readonly tracePath?: string;
  readonly markers?: boolean;
  readonly spot?: Spot | Place;
  readonly kill?: Moment;
  readonly fail?: { readonly errno: Errno; readonly when: 'before' | 'middle' };
  /** The disk stays like that: every later write and change fails too, but removing. */
  readonly stays?: boolean;
  /** Made when the spot is reached; where it is there already, nothing happens any more. */
  readonly firedPath?: string;
}

/** Whose effects: of the worker that a command started, or of the one that the guard did. */
export type Whose = 'worker' | 'guard';

/** Where it looks for its injection. */
export function injectionPath(stateDirectory: string, whose: Whose): string {
  return path.join(stateDirectory, `injection-${whose}.json`);
}

/** An effect's label without what differs from trial to trial: the prefix, run ids, nonces, process ids, times. */
export function nameOf(label: string, prefix: string): string {
  return label
    .replaceAll(prefix, '')
    .replaceAll(/[0-7][0-9A-HJKMNP-TV-Z]{25}/g, 'RUN')
    .replaceAll(/(request|answer)-[0-9a-f]+/g, '$1-NONCE')
    .replaceAll(/date=@[0-9.]+/g, 'date=@TIME')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\s+/g, ' ')
    .replace(/^(send \w+ to) \d+$/, '$1 PID');
}
