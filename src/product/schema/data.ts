import * as v from 'valibot';
import {
  duration,
  envKey,
  fileName,
  INSTALLED,
  release,
  sqlName,
  statement,
  strict,
  template,
  text,
} from './values.ts';

/**
 * What a new version may rewrite, and nothing else: it is copied before and put back by a rollback. Relative paths are
 * resolved as the service would, against its working directory.
 */
export const data = strict({
  /** SQLite files; `-wal` and `-shm` beside them belong to them. */
  databases: v.optional(
    v.array(
      strict({
        path: template(...INSTALLED),
        /** Where the product keeps which migrations were applied, one row each. */
        schema: v.optional(strict({ table: sqlName, column: sqlName })),
        /** Who did what when, oldest first: columns `at`, `who`, `what`. */
        audit: v.optional(statement),
      }),
    ),
    [],
  ),
  /** Whole directories, but for the named entries of their top level. */
  directories: v.optional(
    v.array(strict({ path: template(...INSTALLED), exclude: v.optional(v.array(fileName), []) })),
    [],
  ),
  /** Single files; one that is not there is fine. */
  files: v.optional(v.array(template(...INSTALLED)), []),
  /** Of every directory directly below `root` only these files: what else lies there belongs to containers that run. */
  trees: v.optional(
    v.array(
      strict({
        root: template(...INSTALLED),
        files: v.pipe(v.array(fileName), v.minLength(1, 'at least one file name')),
      }),
    ),
    [],
  ),
});

/** The product's own migration command, run on scratch databases to learn which schema a release knows. */
export const migrate = strict({
  /** Arguments after the binary. */
  argv: v.pipe(v.array(template(...INSTALLED, 'scratch')), v.minLength(1, 'at least one argument')),
  env: v.optional(v.record(envKey, template(...INSTALLED, 'scratch')), {}),
  /** The database it makes or migrates; its schema is that of the first of `data.databases`. */
  database: template(...INSTALLED, 'scratch'),
  timeout: duration,
  /** Log lines (substrings) that mean the migration failed, at boot too. */
  failure_lines: v.optional(v.array(text), []),
  /**
   * Spans of releases between which migrations only add, as the vendor says: within one, an older version is started on data that
   * a newer one has migrated. Without: only where it knows every migration in it.
   */
  additive: v.optional(v.array(strict({ from: release, to: release })), []),
});
