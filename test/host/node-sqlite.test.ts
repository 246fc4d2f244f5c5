import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeSqlite } from '../../src/host/node-sqlite.ts';
import { sqliteContract } from './sqlite.contract.ts';

sqliteContract('node', nodeSqlite(plainEffects));

test('loading it prints no warning, and later ones are printed', () => {
  const file = join(import.meta.dirname, '../../src/host/load-sqlite.ts');
  const script = `const { loadSqlite } = await import(${JSON.stringify(file)});
    new (loadSqlite().DatabaseSync)(':memory:').close();
    process.emitWarning('of something else')`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toContain('of something else');
  expect(stderr).not.toContain('SQLite');
});
