// One of several processes that use one cache at the same time: keeps, takes, damages and prunes the same few archives, and says how
// often it took one whole. Ends with 1 where a name held other bytes than its own.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { plainEffects } from '../../../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../../../src/host/node-host.ts';
import { keepInCache } from '../../../../src/runbook/cache/keep.ts';
import { takeFromCache } from '../../../../src/runbook/cache/take.ts';

const [, , cache = '', own = '', rounds = '0'] = process.argv;
const host = nodeHost(plainEffects, readIdentity());
const archives = [1, 2, 3].map((seed) => {
  const bytes = Buffer.alloc(50_000 * seed, `archive ${seed} `);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
});
const counts = { taken: 0, absent: 0, damaged: 0 };

for (let round = 0; round < Number(rounds); round += 1) {
  const archive = archives[round % archives.length];
  if (archive === undefined) throw new Error('there are three');
  const { bytes, sha256 } = archive;
  const downloads = path.join(own, String(round));
  fs.mkdirSync(downloads, { recursive: true });
  const to = path.join(downloads, 'a');
  const outcome = await takeFromCache(host, cache, sha256, to);
  counts[outcome] += 1;
  if (outcome !== 'taken') fs.writeFileSync(to, bytes);
  if (!fs.readFileSync(to).equals(bytes)) throw new Error(`${sha256} is something else`);
  await keepInCache(host, { downloads, cache }, { a: { sha256, size: bytes.length } });
  if (round % 5 === 4) await host.files.remove(path.join(cache, sha256));
  // Put there whole, as somebody's tool might: what is damaged in place is damaged for those who have it too.
  if (round % 7 === 6) await host.files.writeAtomic(path.join(cache, sha256), 'damaged', { mode: 0o600 });
}
process.stdout.write(JSON.stringify(counts));
