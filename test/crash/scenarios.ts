import type { Command } from './commands.ts';
import type { Moment } from './injection.ts';
import type { Sampled } from './matrix.ts';
import { BARRED, DYING, FAR, FAR_SICK, NEW, SICK } from './scene.ts';

/** A command, and where it dies: what has happened before the command that the matrix is about. */
export interface Step {
  readonly command: Command;
  /** The effect whose name fits, the first unless `nth` says otherwise. */
  readonly killedAt?: { readonly name: RegExp; readonly nth?: number; readonly moment: Moment };
}

export interface Scenario extends Sampled {
  /** What happened before; none dies by chance. */
  readonly before: readonly Step[];
  /** Whose effects are the points. */
  readonly command: Command;
  /** Its exit status when nothing disturbs it. */
  readonly exit: number;
  /** Only effects from this one on: the ones before are those of another scenario. */
  readonly from?: RegExp;
}

const upgrade = { verb: 'upgrade', to: NEW } as const;
const far = { verb: 'upgrade', to: FAR } as const;
const resume = { verb: 'resume' } as const;
const rollback = { verb: 'rollback' } as const;

const PLACES: readonly (readonly [string, NonNullable<Step['killedAt']>])[] = [
  ['unpacking', { name: /^set the owner of .*samplectl$/, moment: 'after' }],
  ['held agents', { name: /^PUT /, moment: 'after' }],
  ['copying', { name: /^run cp -a -x .* -t .*tree/, nth: 1, moment: 'after' }],
  ['swapping', { name: /^rename .*RUN\/samplectl to/, moment: 'after' }],
  ['starting', { name: /^start /, moment: 'after' }],
  ['judging', { name: /\/scratch\/after/, moment: 'after' }],
  ['committed', { name: /^rename .* to .*\/cache\/sha256\//, moment: 'after' }],
];

const LATER_PLACES: typeof PLACES = [
  ['copying in', { name: /^run cp -a -x .* -t .*tree/, nth: 2, moment: 'after' }],
  ['swapping in', { name: /^rename .*RUN-2\/samplectl to/, moment: 'after' }],
];

/** What goes on from a command that was cut short, or back; `kills`: of the quick sample. */
function after(name: string, cutShort: Step, command: Command, kills: number): Scenario {
  const [quick, sample] = [
    { kills, faults: 1 },
    { kills: 40, faults: 12 },
  ];
  return { name, before: [cutShort], command, exit: 0, quick, sample };
}

/** Forward with every point; the others sampled, since each of theirs is the second thing that happens. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'forward', before: [], command: upgrade, exit: 0, quick: { kills: 44, faults: 12 } },
  ...PLACES.map(([place, killedAt]) => after(`resume after ${place}`, { command: upgrade, killedAt }, resume, 4)),
  ...PLACES.filter(([place]) => place !== 'committed').map(([place, killedAt]) =>
    after(`rollback after ${place}`, { command: upgrade, killedAt }, rollback, 4),
  ),
  {
    name: 'later rollback',
    before: [{ command: upgrade }],
    command: rollback,
    exit: 0,
    quick: { kills: 10, faults: 3 },
    sample: { kills: 200, faults: 60 },
  },
  {
    name: 'rollback of a later rollback',
    before: [{ command: upgrade }, { command: rollback, killedAt: { name: /^start /, moment: 'after' } }],
    command: rollback,
    exit: 0,
    quick: { kills: 4, faults: 1 },
    sample: { kills: 60, faults: 20 },
  },
  {
    name: 'a release that is never healthy',
    before: [],
    command: { verb: 'upgrade', to: SICK },
    exit: 7,
    from: /evidence\/health\.log$/,
    quick: { kills: 8, faults: 2 },
    sample: { kills: 150, faults: 40 },
  },
  {
    name: 'a release that dies after migrating',
    before: [],
    command: { verb: 'upgrade', to: DYING },
    exit: 7,
    from: /evidence\/(start|health)\.log$/,
    quick: { kills: 5, faults: 1 },
    sample: { kills: 60, faults: 20 },
  },
  {
    name: 'a hook that fails before the window',
    before: [],
    command: { verb: 'upgrade', to: BARRED },
    exit: 7,
    from: /hook silence run$/,
    quick: { kills: 4, faults: 1 },
    sample: { kills: 40, faults: 12 },
  },
  {
    name: 'two hops',
    before: [],
    command: far,
    exit: 0,
    quick: { kills: 10, faults: 3 },
    sample: { kills: 400, faults: 120 },
  },
  ...LATER_PLACES.map(([place, killedAt]) =>
    after(`resume after ${place} the second hop`, { command: far, killedAt }, resume, 2),
  ),
  {
    name: 'rollback in the second hop',
    before: [{ command: far, killedAt: { name: /^start /, nth: 2, moment: 'after' } }],
    command: rollback,
    exit: 0,
    quick: { kills: 3, faults: 1 },
    sample: { kills: 60, faults: 20 },
  },
  {
    name: 'a second hop that fails',
    before: [],
    command: { verb: 'upgrade', to: FAR_SICK },
    exit: 7,
    from: /evidence\/hop-2\/(start|health)\.log$/,
    quick: { kills: 5, faults: 1 },
    sample: { kills: 100, faults: 30 },
  },
  {
    name: 'a second hop that fails, all or nothing',
    before: [],
    command: { verb: 'upgrade', to: FAR_SICK, allOrNothing: true },
    exit: 7,
    from: /evidence\/hop-2\/(start|health)\.log$/,
    quick: { kills: 4, faults: 1 },
    sample: { kills: 150, faults: 40 },
  },
  {
    name: 'later rollback of two hops',
    before: [{ command: far }],
    command: rollback,
    exit: 0,
    quick: { kills: 3, faults: 1 },
    sample: { kills: 60, faults: 20 },
  },
];
