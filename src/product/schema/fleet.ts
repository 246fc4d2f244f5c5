import * as v from 'valibot';
import { INSTALLED, statement, strict, template, text, word } from './values.ts';

/** The product's own agents, which its server may replace by itself. */
export const agents = strict({
  policy: strict({
    /** GET tells it, PUT sets it; both need a token. */
    url: template(...INSTALLED),
    /** The JSON field that holds the mode. */
    field: text,
    /** The mode in which the server leaves its agents alone. */
    safe: text,
    /** The mode of a server on which none was ever set. */
    default: text,
    /** Fields of the GET answer that a PUT carries; what was read is put back. */
    keep: v.optional(v.array(text), []),
    /** Without a token: the first column of the first row, on a snapshot. */
    statement,
  }),
  list: v.optional(
    strict({
      /** A JSON array of agents; needs a token. */
      url: template(...INSTALLED),
      arch_field: text,
      os_field: v.optional(text),
    }),
  ),
  /** One row per agent, its architecture in the first column, on a snapshot. */
  statement: v.optional(statement),
});

const asked = { code: word, name: text, why: text, remedy: text } as const;

/** Work of the product's own that a stop would cut short. */
export const job = v.variant('kind', [
  /** Rows of a snapshot: each is a job that runs. A table that is not there means none. */
  strict({ ...asked, kind: v.literal('rows'), statement }),
  /** A JSON array: each element is a job that runs. Needs a token. */
  strict({ ...asked, kind: v.literal('list'), url: template(...INSTALLED) }),
]);
