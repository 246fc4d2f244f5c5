import * as v from 'valibot';
import { RESULT } from './parts/result.ts';
import { COUNT, MS, RUN } from './parts/values.ts';

/** `seq` is gapless within a run, over all its workers. */
const event = <const Type extends string, const Entries extends v.ObjectEntries>(type: Type, entries: Entries) =>
  v.strictObject({ seq: v.pipe(COUNT, v.minValue(1)), at: v.string(), type: v.literal(type), ...entries });

const STEP = { step: COUNT, stage: v.string(), title: v.string() };
const FAILED = { step: COUNT, title: v.string(), code: v.string(), message: v.string() };

const PROGRESS = v.variant('kind', [
  v.strictObject({
    kind: v.literal('bytes'),
    what: v.string(),
    done: COUNT,
    total: v.optional(COUNT),
    bytesPerSecond: v.optional(COUNT),
    remainingMs: v.optional(MS),
  }),
  v.strictObject({ kind: v.literal('note'), text: v.string() }),
]);

/** The viewer was left; the run goes on. */
const LEFT = v.strictObject({ type: v.literal('left'), installation: v.string(), run: RUN });

const FACT = v.union([v.string(), v.number(), v.boolean()]);

/** What a command says, in any kind of JSON, that came to nothing. */
const ERROR = v.strictObject({
  error: v.strictObject({
    code: v.string(),
    message: v.string(),
    hint: v.optional(v.string()),
    facts: v.optional(v.record(v.string(), FACT)),
  }),
});

/** One line of `-o ndjson`. */
export const EVENT = v.union([
  v.variant('type', [
    event('worker.start', { pid: COUNT, by: v.string() }),
    event('run.begin', { installation: v.string(), from: v.string(), to: v.string(), steps: COUNT }),
    event('step.begin', STEP),
    event('step.end', STEP),
    event('step.fail', FAILED),
    event('run.turn', { reason: v.string() }),
    event('undo.end', STEP),
    event('undo.fail', FAILED),
    event('run.pause', { reason: v.string(), code: v.optional(v.string()), message: v.optional(v.string()) }),
    event('hop.commit', { to: v.string() }),
    event('discard.end', STEP),
    event('discard.fail', FAILED),
    event('run.end', { outcome: v.picklist(['committed', 'restored', 'partial']) }),
    event('progress', { progress: PROGRESS }),
    RESULT,
    LEFT,
  ]),
  ERROR,
]);
