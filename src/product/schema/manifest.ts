import * as v from 'valibot';
import { fileName, strict } from './values.ts';

const NAME = /^[A-Za-z0-9._+-]{1,64}$/;
const HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;

const name = v.pipe(v.string('a word'), v.regex(NAME, 'a word of at most 64 characters, exactly as in the manifest'));
const host = v.pipe(v.string('a host'), v.regex(HOST, 'a host such as github.com, exactly'));
const family = v.pipe(
  v.string('a host'),
  v.check(
    (text) => HOST.test(text.replace(/^\*\./, '')),
    'a host such as github.com, or *.github.com for all below it',
  ),
);

/** A signed manifest beside the archives: it says which archive is this machine's, and what its digest is. */
export const manifest = strict({
  file: v.optional(fileName, 'manifest.json'),
  /** Each compared exactly with what the manifest says. */
  device_type: name,
  variant: v.optional(name, 'default'),
  /** What it calls this machine's architecture. */
  arches: strict({ amd64: v.optional(name), arm64: v.optional(name) }),
  /** Exactly these hosts may be named by it, for any archive. */
  hosts: v.pipe(v.array(host), v.minLength(1, 'at least one host'), v.maxLength(16, 'at most 16 hosts')),
  /** Where a redirect may lead, at most five times. */
  redirects: v.optional(v.pipe(v.array(family), v.maxLength(16, 'at most 16 hosts')), []),
});
