import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import { refreshTrust } from '../../../src/release/trust/refresh.ts';
import type { Json } from '../../../src/release/trust/strict-json.ts';
import { type Loopback, startLoopback } from '../../support/loopback.ts';
import { openWorkshop, refusalOf, type Workshop } from '../workshop.ts';
import { edit } from './support/edit.ts';
import { privateSigstore } from './support/sigstore.ts';
import { type Publication, type TufRepository, tufKey, tufRepository } from './support/tuf-repository.ts';

const FIRST = privateSigstore('first').root;
const SECOND = privateSigstore('second').root;
const bytesOf = (json: Json): Buffer => Buffer.from(JSON.stringify(json));
const AGO = '2026-01-01T00:00:00Z';

interface Bench extends AsyncDisposable {
  readonly shop: Workshop;
  readonly loopback: Loopback;
  readonly repository: TufRepository;
  refresh(): ReturnType<typeof refreshTrust>;
  /** What is trusted: the file, and what is kept beside it. */
  readonly held: () => readonly (string | undefined)[];
}

/** A client that has refreshed once. */
async function openBench(): Promise<Bench> {
  const [shop, loopback] = [await openWorkshop(), await startLoopback()];
  const repository = tufRepository(loopback, bytesOf(FIRST));
  repository.publish();
  const tufRoot = await shop.put('root.json', repository.root);
  const [kept, out] = [`${shop.folder}/kept.json`, `${shop.folder}/out.json`];
  const refresh = () => refreshTrust(shop.host, { mirror: loopback.url, tufRoot, kept, out });
  await refresh();
  const read = (path: string) => (fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : undefined);
  return {
    shop,
    loopback,
    repository,
    refresh,
    held: () => [read(kept), read(out)],
    async [Symbol.asyncDispose]() {
      await loopback[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}

const newer = { versions: { timestamp: 2, snapshot: 2, targets: 2 }, target: bytesOf(SECOND) } as const;

test('a newer root takes the place of the old one, and then it is the newest', async () => {
  await using bench = await openBench();
  expect(bench.held()[1]).toBe(JSON.stringify(FIRST));
  bench.repository.publish(newer);
  expect(await bench.refresh()).toMatchObject({ changed: true, versions: { root: 1, ...newer.versions } });
  expect(bench.held()[1]).toBe(JSON.stringify(SECOND));
  const asked = bench.loopback.requests.length;
  expect(await bench.refresh()).toMatchObject({ changed: false });
  // Metadata that is still the newest is not fetched again.
  const paths = bench.loopback.requests.slice(asked).map(({ path }) => path.replace(/[0-9a-f]{64}/, 'HASH'));
  expect(paths).toEqual(['/2.root.json', '/timestamp.json', '/targets/HASH.trusted_root.json']);
});

test('roots are followed one by one, also where the keys of a role are others', async () => {
  await using bench = await openBench();
  bench.repository.publishRoot(2, { root: [tufKey(), tufKey()] });
  bench.repository.publishRoot(3, { timestamp: [tufKey('ecdsa')] });
  bench.repository.publish(newer);
  expect(await bench.refresh()).toMatchObject({ versions: { root: 3, targets: 2 } });
});

describe('refused, and the old root stays', () => {
  const stranger = tufKey();
  const row = (name: string, play: (bench: Bench) => unknown, words: RegExp) => [name, play, words] as const;
  const rolledBack = async ({ repository, refresh }: Bench, versions: Publication['versions']) => {
    repository.publish(newer);
    await refresh();
    repository.publish({ target: bytesOf(FIRST), versions: { timestamp: 3, ...versions } });
  };
  test.each([
    row(
      'a timestamp of before',
      ({ repository: r }) => r.publish({ ...newer, versions: { timestamp: 0 } }),
      /version/i,
    ),
    row('a snapshot of before', (bench) => rolledBack(bench, { snapshot: 1, targets: 1 }), /snapshot version/),
    row('targets of before', (bench) => rolledBack(bench, { snapshot: 3, targets: 1 }), /version 1 of targets/),
    row(
      'an expired timestamp',
      ({ repository: r }) => r.publish({ ...newer, expires: { timestamp: AGO } }),
      /timestamp\.json is expired/,
    ),
    row(
      'an expired snapshot',
      ({ repository: r }) => r.publish({ ...newer, expires: { snapshot: AGO } }),
      /snapshot\.json is expired/,
    ),
    row(
      'expired targets',
      ({ repository: r }) => r.publish({ ...newer, expires: { targets: AGO } }),
      /targets.* expired/,
    ),
    row(
      'an expired root',
      ({ repository: r }) => r.publish({ ...newer, expires: { root: AGO } }),
      /root\.json is expired/,
    ),
    row(
      "a stranger's timestamp",
      ({ repository: r }) => r.publish({ ...newer, signers: { timestamp: [stranger] } }),
      /timestamp was signed by 0\/1/,
    ),
    row(
      "a stranger's targets",
      ({ repository: r }) => r.publish({ ...newer, signers: { targets: [stranger] } }),
      /targets was signed by 0\/1/,
    ),
    row(
      'a root by one key of two',
      ({ repository: r }) => r.publishRoot(2, {}, r.keys.root.slice(0, 1)),
      /signed by 1\/2/,
    ),
    row(
      'a root by one key, twice',
      ({ repository: r }) => r.publishRoot(2, {}, [...r.keys.root.slice(0, 1), ...r.keys.root.slice(0, 1)]),
      /signed by|signatures/,
    ),
    row(
      'a root by new keys alone, which the old ones do not vouch for',
      ({ repository: r }) => {
        const root = [tufKey(), tufKey()];
        r.publishRoot(2, { root }, root);
      },
      /signed by 0\/2/,
    ),
    row('a root that skips a version', ({ repository: r, loopback }) => skipRoot(r, loopback), /version/i),
    row(
      'a target of other bytes',
      ({ repository: r }) => r.publish({ ...newer, served: Buffer.alloc(newer.target.length, 'x') }),
      /trusted_root\.json with [0-9a-f]{64}, expected [0-9a-f]{64}/,
    ),
    row(
      'a target longer than it says',
      ({ repository: r }) => r.publish({ ...newer, served: Buffer.concat([newer.target, newer.target]) }),
      /of more than \d+ bytes/,
    ),
    row(
      'metadata without end',
      ({ loopback }) => loopback.on('/timestamp.json', { body: Buffer.alloc(20_000, ' '), chunked: true }),
      /timestamp\.json of more than 16384 bytes/,
    ),
    row('a page', ({ loopback }) => loopback.on('/timestamp.json', { body: '<!doctype html>' }), /JSON/),
    row('nothing', ({ loopback }) => loopback.on('/timestamp.json', { status: 404 }), /no timestamp\.json/),
  ])('%s', async (_, play, words) => {
    await using bench = await openBench();
    await play(bench);
    const held = bench.held();
    const refusal = await refusalOf(() => bench.refresh());
    expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code: 'E_TRUST_REFUSED', exit: 6 });
    expect(refusal.message).toMatch(words);
    expect(refusal.message).toContain(bench.loopback.url);
    expect(bench.held()).toEqual(held);
  });

  test.each<[string, Buffer, string]>([
    ['what is no root at all', Buffer.from('{}'), 'E_TRUST_UNREADABLE'],
    ['a root without logs', bytesOf(edit(SECOND, 'tlogs', () => [])), 'E_TRUST_UNREADABLE'],
    ['a root that is no JSON', Buffer.from('root'), 'E_TRUST_UNREADABLE'],
  ])('%s, though it is well signed', async (_, target, code) => {
    await using bench = await openBench();
    const held = bench.held();
    bench.repository.publish({ ...newer, target });
    expect(await refusalOf(() => bench.refresh())).toMatchObject({ code });
    expect(bench.held()).toEqual(held);
  });

  test('what was kept and is damaged: it says how old a root may be', async () => {
    await using bench = await openBench();
    fs.appendFileSync(`${bench.shop.folder}/kept.json`, 'x');
    expect(await refusalOf(() => bench.refresh())).toMatchObject({ code: 'E_TRUST_UNREADABLE' });
  });
});

test('the public root does not vouch for a repository of somebody else', async () => {
  await using bench = await openBench();
  const kept = `${bench.shop.folder}/public.json`;
  const refusal = await refusalOf(() => refreshTrust(bench.shop.host, { mirror: bench.loopback.url, kept }));
  expect(refusal.code).toBe('E_TRUST_REFUSED');
  expect(fs.existsSync(kept)).toBe(false);
});

function skipRoot(repository: TufRepository, loopback: Loopback): void {
  repository.publishRoot(3, {});
  // As the next one, under the name of version 2.
  repository.publishRoot(2, {});
  loopback.on('/2.root.json', { body: repository.root });
}
