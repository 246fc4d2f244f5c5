import * as v from 'valibot';
import { duration, envKey, INSTALLED, pattern, release, strict, template, text, userName, word } from './values.ts';

/** How the product is started and stopped. */
export const service = v.variant('manager', [
  strict({
    manager: v.literal('systemd'),
    /** The unit as its vendor names it; another one on this host is chosen with --unit. */
    unit: v.pipe(
      v.string('a unit name'),
      v.regex(/^[A-Za-z0-9:_.@-]+\.service$/, 'a unit name such as "my-server.service"'),
    ),
    /** From the start until the service must have answered; migrations at boot included. */
    start_timeout: duration,
    /** A line (part of it) that is logged when a start is all but done: how long starts take here is learned from it. */
    started_line: v.optional(text),
    /** Longest stop that is waited for. Default: the unit's TimeoutStopUSec and 10 s. */
    stop_timeout: v.optional(duration),
    /** How often the guard looks whether an open run still has a worker; also from a boot to its first look. */
    guard_interval: v.optional(v.pipe(duration, v.minValue(1_000, 'a duration of at least 1s')), '30s'),
  }),
  strict({
    /** A process of our own, for demonstrations and tests: no systemd, no root. Everything lies under `{prefix}`. */
    manager: v.literal('embedded'),
    /** The whole command line; its first word is the file that runs. */
    exec: v.pipe(v.array(template('binary', 'prefix', 'os', 'arch')), v.minLength(1, 'at least the program')),
    working_directory: v.optional(template('prefix')),
    /** Where the process id and the like are kept. */
    run_directory: template('prefix'),
    /** File that receives the service's output. */
    log: template('prefix'),
    env_file: v.optional(template('prefix')),
    start_timeout: duration,
    stop_timeout: v.optional(duration),
  }),
]);

/** The file that is replaced. */
export const binary = strict({
  /** Default: the file ExecStart names. */
  path: v.optional(template('prefix', 'os', 'arch', 'env')),
  /** Replace the real file behind a link (an agent's /usr/local/bin name), never the link. */
  follow_link: v.optional(v.boolean('true or false'), false),
  version: strict({
    argv: v.optional(v.array(text), ['--version']),
    /** Matched against stdout. The group `version` must, the group `commit` may be there. */
    pattern: pattern('version'),
    /** Added to the child's environment; nothing of ours is inherited. */
    env: v.optional(v.record(envKey, v.string('text')), {}),
  }),
  /** Leave the replaced file beside the new one as `<name>.old`, for a person with the vendor's guide. */
  keep_previous: v.optional(v.boolean('true or false'), false),
});

/** A value with which an upgrade must not begin. */
const refusal = strict({
  key: envKey,
  /** Any of these, compared as written. */
  values: v.pipe(v.array(v.string('text')), v.minLength(1, 'at least one value')),
  code: word,
  why: text,
  remedy: text,
});

/** What a release needs and installations made by older ones do not have: a key, files in another place, an account. */
const crossing = strict({
  code: word,
  /** The first release that needs it: met when the target is this or newer and the key has no value from the service. */
  since: release,
  /** Only for installations older than this. */
  installed_before: v.optional(release),
  /** Absent: nothing is missing in the environment, only files have to move. */
  key: v.optional(envKey),
  /** What to add. Absent: only a person can know it. */
  value: v.optional(template(...INSTALLED)),
  /**
   * What the new place must hold: the very file that the old version works with. Another one that lies there already, made by
   * a command of the product's own, is replaced. Folders are only copied where nothing is.
   */
  copy: v.optional(v.array(strict({ from: template(...INSTALLED), to: template(...INSTALLED) })), []),
  /** The account that the unit is to run it as where it runs as root: a drop-in, and its data becomes this account's. */
  service_user: v.optional(strict({ user: userName, group: userName })),
  severity: v.optional(v.picklist(['inhibit', 'warning'], 'inhibit or warning'), 'inhibit'),
  why: text,
});

/** Where the product's configuration comes from. */
export const env = strict({
  /** The product's own option for an env file: read from the unit's command line, and given to the product's own commands. */
  file_option: v.optional(
    v.pipe(v.string('an option'), v.regex(/^--?[A-Za-z][A-Za-z0-9-]*$/, 'an option such as --env-file')),
  ),
  /** Files the product reads by itself when no option names one: the first that exists, unless `auto_unless` is set. */
  auto_files: v.optional(v.array(template('prefix')), []),
  auto_unless: v.optional(envKey),
  /** The product reads an empty value as none and falls back to its default. */
  empty_is_unset: v.optional(v.boolean('true or false'), false),
  /** What the product assumes for a key that nothing sets. */
  defaults: v.optional(v.record(envKey, template('prefix', 'os', 'arch')), {}),
  refuse: v.optional(v.array(refusal), []),
  crossings: v.optional(v.array(crossing), []),
});
