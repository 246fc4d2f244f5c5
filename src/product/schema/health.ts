import * as v from 'valibot';
import { baselineRow } from './baseline.ts';
import { duration, INSTALLED, size, strict, template, text, word } from './values.ts';

const PROBED = [...INSTALLED, 'version', 'commit', 'number'] as const;

const STATUS = 'an HTTP status from 100 to 599';

/** One question to the running service. */
const probe = v.variant('kind', [
  /** A GET. Status and body are both judged: a page that answers 200 to every path is no proof. */
  strict({
    name: word,
    kind: v.literal('http'),
    url: template(...PROBED),
    status: v.optional(
      v.pipe(v.number(STATUS), v.integer(STATUS), v.minValue(100, STATUS), v.maxValue(599, STATUS)),
      200,
    ),
    /** The whole body, surrounding white space ignored. */
    body: v.optional(text),
    /** A part of the body. */
    contains: v.optional(text),
    /** Fields of a JSON body, by dotted path, and what they must be. A value whose name is unknown (`{commit}`) is not asked. */
    json: v.optional(
      v.record(text, v.union([template(...PROBED), v.number(), v.boolean()], 'text, a number or a boolean')),
    ),
    /** A JSON number of seconds since the start, by dotted path: proves that this answer comes from after our start. */
    uptime: v.optional(text),
    /** Needs an API token; not asked without one. */
    token: v.optional(v.boolean('true or false'), false),
    /** Its first success ends the window. */
    answers: v.optional(v.boolean('true or false'), false),
    /** An answer of this status, whatever its body, shows that something is there: measured beside the window. */
    alive: v.optional(v.boolean('true or false'), false),
  }),
  /** Something completes a TLS hello there; a certificate demanded of us is fine. */
  strict({ name: word, kind: v.literal('tls'), address: template(...PROBED) }),
  strict({ name: word, kind: v.literal('tcp'), address: template(...PROBED) }),
  /** Every member with `served_as` is served with the digest that was staged. */
  strict({
    name: word,
    kind: v.literal('served'),
    base: template(...PROBED),
    max_bytes: v.optional(size, '128MiB'),
  }),
  /** The same main process all through the soak; only somebody's restart begins the soak anew. */
  strict({ name: word, kind: v.literal('stable') }),
]);

/** When the new version is believed. */
export const health = strict({
  /** From the first answer until every probe must have passed. */
  timeout: duration,
  /** For how long every probe must go on passing. Longer than the unit's RestartSec, or a crash loop looks stable. */
  soak: duration,
  probes: v.pipe(v.array(probe), v.minLength(1, 'at least one probe')),
  /** What must be no worse than it was before. */
  baseline: v.optional(v.array(baselineRow), []),
  /** The nested row whose elements are a stack's services: what `--spot-check STACK` reads. */
  spot_check: v.optional(word),
  /** Log lines (substrings) of a server that runs on a wrong or empty database or environment. */
  red_flags: v.optional(v.array(text), []),
  /** Log lines (substrings) of a server that cannot start: no need to wait for the timeout. */
  failure_lines: v.optional(v.array(text), []),
});
