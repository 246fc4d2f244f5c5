type Sqlite = typeof import('node:sqlite');

/**
 * node:sqlite, without the ExperimentalWarning that Node 22 prints at the first load: it would stand in front of every
 * answer of ours. Only that one load is silenced, and only while it lasts.
 */
export function loadSqlite(): Sqlite {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
