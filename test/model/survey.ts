import { drive } from '../../src/engine/drive.ts';
import { replay } from '../../src/engine/replay.ts';
import { type Engine, type Fault, judge, Machine, planOf } from './machine.ts';

const engine: Engine = { drive, replay };

const HISTORIES: readonly {
  readonly hops: readonly number[];
  readonly faults: readonly Fault[];
  readonly revertsFail: boolean;
  readonly window?: readonly boolean[];
  readonly ahead?: readonly number[];
  /** The way back is asked for before the second life. */
  readonly turned?: boolean;
}[] = [
  ...Array.from({ length: 24 }, (_, n) => ({ hops: [2, 2], faults: at(n, 'kill'), revertsFail: false })),
  ...Array.from({ length: 24 }, (_, n) => ({ hops: [2, 2], faults: at(n, 'fail'), revertsFail: false })),
  ...Array.from({ length: 24 }, (_, n) => ({ hops: [2, 2], faults: at(n, 'pause'), revertsFail: false })),
  ...Array.from({ length: 24 }, (_, n) => ({ hops: [2], faults: at(n, 'kill'), revertsFail: false, turned: true })),
  ...Array.from({ length: 24 }, (_, n) => ({
    hops: [3],
    faults: [...at(11, 'fail'), ...at(n, 'fail')],
    revertsFail: true,
  })),
  ...Array.from({ length: 24 }, (_, n) => ({ hops: [2, 2], ahead: [1, 1], faults: at(n, 'kill'), revertsFail: false })),
  ...Array.from({ length: 24 }, (_, n) => ({ hops: [2, 2], faults: at(n, 'undecided'), revertsFail: false })),
  ...Array.from({ length: 24 }, (_, n) => ({
    hops: [2],
    window: [true, true],
    faults: at(n, 'undecided'),
    revertsFail: false,
  })),
];

function at(n: number, fault: Fault): Fault[] {
  return [...Array.from({ length: n }, () => 'none' as const), fault];
}

/** Every history through the engine; what the invariants say of the first that is wrong. */
export async function survey(): Promise<string | undefined> {
  for (const { hops, faults, revertsFail, window = [], ahead = [], turned = false } of HISTORIES) {
    const m = new Machine(planOf(hops, window, ahead), faults, revertsFail);
    m.disk.push({ type: 'run.begin', run: 'r', by: 'test', plan: m.plan });
    for (let life = 0; life < 12; life++) {
      const outcome = await m.live(engine).catch((error: unknown) => String(error));
      if (outcome === 'committed' || outcome === 'restored' || outcome === 'partial') break;
      if (outcome === 'mixed' || (turned && life === 0)) m.disk.push({ type: 'run.turn', reason: 'operator' });
    }
    const [first] = judge(m, engine);
    if (first !== undefined) return first;
  }
  return undefined;
}
