import * as v from 'valibot';
import { duration, INSTALLED, strict, template, text, word } from './values.ts';

const COUNT = 'a whole number from 1 to 1000';

const rules = {
  name: word,
  /** Needs an API token; not compared without one. */
  token: v.optional(v.boolean('true or false'), false),
  /** Outside the product: what turns bad here is held against no release; the run pauses until somebody has mended it. */
  external: v.optional(v.boolean('true or false'), false),
  /** The row that must be well for this one to be held against a release. */
  needs: v.optional(word),
  /** How long it may take to be well again. */
  patience: v.optional(duration, '10s'),
  /** Not judged earlier than this after the start: what is looked at is not written before. */
  after: v.optional(duration, '0s'),
  /** Answers a GET with JSON. */
  url: template(...INSTALLED),
};

/** What counts as well, as text; a field that is not there reads "none". */
const ok = v.array(
  v.pipe(v.union([text, v.number(), v.boolean()], 'text, a number or a boolean'), v.transform(String)),
);

const elements = {
  /** Dotted path of the array; without it the body is the array. */
  path: v.optional(text),
  /** Dotted path, in an element, of what names it, of its status, and of what is shown beside. */
  key: text,
  status: v.optional(text),
  detail: v.optional(text),
  ok: v.optional(ok, []),
  /** `no-worse`: what was well must be there and well again. `no-new`: nothing may be bad that was not before. */
  expect: v.optional(v.picklist(['no-worse', 'no-new'], 'no-worse or no-new'), 'no-worse'),
};

/** One thing that is looked at before the window and again after the start: only well before and not well now counts. */
export const baselineRow = v.variant('kind', [
  /** A field of a JSON document. */
  strict({ ...rules, kind: v.literal('value'), field: text, ok: v.pipe(ok, v.minLength(1, 'at least one value')) }),
  /** The elements of a JSON array. */
  strict({
    ...rules,
    ...elements,
    kind: v.literal('list'),
    /** Only the first so many are remembered from before; any of those that are listed now may be there. */
    remember: v.optional(v.pipe(v.number(COUNT), v.integer(COUNT), v.minValue(1, COUNT), v.maxValue(1000, COUNT))),
  }),
  /** A JSON array for each element of another one. */
  strict({
    ...rules,
    ...elements,
    kind: v.literal('nested'),
    /** Put behind the URL; `:field` stands for a field of the element. One without that field is not asked for. */
    below: text,
    /** Dotted path of what names an element of the inner array. */
    part: text,
  }),
]);
