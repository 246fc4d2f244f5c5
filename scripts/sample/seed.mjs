import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { audit } from '../../fixtures/sample-server/src/audit.mjs';
import { migrate, openDatabase } from '../../fixtures/sample-server/src/database.mjs';
import { ensureGenesis, ensureSecrets, ensureSecretsKey } from '../../fixtures/sample-server/src/files.mjs';
import { ensurePki } from '../../fixtures/sample-server/src/pki.mjs';
import { put } from './place.mjs';
import { hostArch } from './product.mjs';
import { migrationsOf } from './version.mjs';

/**
 * What a server owns that has been in use for a while: keys, authority, audit chain, users, an API token, agents, visits.
 * So its next boot makes nothing, and a red-flag line means what it says. Returns the token, which the database only has hashed.
 */
export function seedData({ files, product, version, agents = [] }) {
  ensureSecrets(files.secrets, product.envPrefix);
  ensureSecretsKey(files.secretsKey);
  ensureGenesis(files.genesis);
  ensurePki(files.data, product.name);
  // Elsewhere first: SQLite resolves links itself, so below /proc/PID/root it opens a file of this machine instead.
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sample-seed-'));
  try {
    const made = path.join(scratch, 'made.db');
    const token = seedDatabase(made, version, agents);
    fs.copyFileSync(made, files.database);
    fs.chmodSync(files.database, 0o644);
    return token;
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

function seedDatabase(file, version, agents) {
  const db = openDatabase(file);
  migrate(db, migrationsOf(version));
  const token = `dmt_${randomBytes(20).toString('hex')}`;
  const hash = createHash('sha256').update(token).digest('hex');
  db.exec("INSERT INTO users (username, role) VALUES ('admin', 'admin'), ('eve', 'viewer')");
  db.prepare("INSERT INTO api_tokens (name, role, token_hash) VALUES ('upgrader', 'admin', ?)").run(hash);
  const agent = db.prepare("INSERT INTO agents (id, name, status, version, os, arch) VALUES (?, ?, ?, ?, 'linux', ?)");
  for (const { name, status = 'online', arch = hostArch } of agents)
    agent.run(`agent-${name}`, name, status, version, arch);
  const visit = db.prepare(`INSERT INTO visits (ts, kind, ${columnOf(version)}) VALUES (?, 'seed', ?)`);
  for (let day = 1; day <= 3; day += 1) visit.run(`2026-01-0${day}T00:00:00.000Z`, `day ${day}`);
  audit(db, 'user.login', { username: 'admin' });
  db.close();
  return token;
}

const columnOf = (version) => (migrationsOf(version).some(({ name }) => name.startsWith('036_')) ? 'label' : 'note');

/**
 * One stack, with the files the product writes, and below it what a container writes: refit must copy the first and never
 * touch the second. Returns the file a container would be appending to.
 */
export function seedStack(root, { name }, at = (file) => file) {
  const file = (...parts) => at(path.join(root, 'web', ...parts));
  put(file('compose.yaml'), 0o644, 'services:\n  web:\n    image: nginx:1.29\n    volumes: ["./data:/data"]\n');
  put(file('.env'), 0o600, 'WEB_PASSWORD=hunter2\n');
  put(file(`.${name}.meta.json`), 0o644, '{"created_by":"admin"}\n');
  put(file('data/journal.log'), 0o644, 'written by a container\n');
  put(file('data/uploads/photo.bin'), 0o644, Buffer.alloc(4096, 7));
  return path.join(root, 'web/data/journal.log');
}
