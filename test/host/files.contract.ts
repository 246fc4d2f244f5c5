import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Files } from '../../src/host/files.ts';

const HELLO = { size: 5, sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' };
const OWNER = { mode: 0o640 };

async function* parts(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken(...texts: string[]): AsyncGenerator<Uint8Array> {
  yield* parts(...texts);
  throw new Error('connection lost');
}

/** What every implementation of `Files` does. `fresh` gives it with an empty directory of the running test. */
export function filesContract(name: string, fresh: () => { readonly files: Files; readonly at: string }): void {
  const text = async (files: Files, path: string) => (await files.read(path, { maxBytes: 1024 })).toString();

  describe(`${name}: reading`, () => {
    test('a whole file, a head, and from an offset', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      await files.writeNew(path, 'hello', OWNER);
      expect(await text(files, path)).toBe('hello');
      expect((await files.readHead(path, 2)).toString()).toBe('he');
      expect((await files.readHead(path, 99)).toString()).toBe('hello');
      expect((await files.readFrom(path, 3, 99)).toString()).toBe('lo');
      expect((await files.readFrom(path, 1, 2)).toString()).toBe('el');
      expect((await files.readFrom(path, 9, 2)).toString()).toBe('');
      expect(await files.digest(path)).toEqual(HELLO);
      expect(Buffer.concat(await files.stream(path).toArray()).toString()).toBe('hello');
      const part = async (offset: number, size: number) =>
        Buffer.concat(await files.stream(path, { offset, size }).toArray()).toString();
      expect([await part(1, 3), await part(0, 0), await part(3, 99), await part(9, 1)]).toEqual(['ell', '', 'lo', '']);
    });

    test('a file of the limit is read, one byte more is refused', async () => {
      const { files, at } = fresh();
      await files.writeNew(join(at, 'f'), 'hello', OWNER);
      expect(await files.read(join(at, 'f'), { maxBytes: 5 })).toHaveLength(5);
      await expect(files.read(join(at, 'f'), { maxBytes: 4 })).rejects.toMatchObject({ code: 'E_TOO_LARGE' });
    });

    test('what is not there is E_NOT_FOUND, and no stat', async () => {
      const { files, at } = fresh();
      const path = join(at, 'none');
      const gone = { code: 'E_NOT_FOUND' };
      await expect(files.read(path, { maxBytes: 1 })).rejects.toMatchObject(gone);
      await expect(files.list(path)).rejects.toMatchObject(gone);
      await expect(files.realPath(path)).rejects.toMatchObject(gone);
      await expect(files.readLink(path)).rejects.toMatchObject(gone);
      await expect(files.space(path)).rejects.toMatchObject(gone);
      await expect(files.digest(path)).rejects.toMatchObject(gone);
      await expect(files.stream(path).toArray()).rejects.toMatchObject(gone);
      expect(await files.stat(path)).toBeUndefined();
      await files.writeNew(path, '', OWNER);
      expect(await files.stat(join(path, 'below-a-file'))).toBeUndefined();
    });

    test('stat tells types apart and follows no link', async () => {
      const { files, at } = fresh();
      await files.makeDirectory(join(at, 'd'), { mode: 0o711 });
      await files.writeNew(join(at, 'f'), 'hello', OWNER);
      await files.symlink('d', join(at, 'l'));
      expect(await files.stat(join(at, 'd'))).toMatchObject({ type: 'directory', mode: 0o711 });
      expect(await files.stat(join(at, 'f'))).toMatchObject({ type: 'file', mode: 0o640, size: 5, links: 1 });
      expect(await files.stat(join(at, 'l'))).toMatchObject({ type: 'link' });
      expect(await files.readLink(join(at, 'l'))).toBe('d');
      expect(await files.realPath(join(at, 'l'))).toBe(join(at, 'd'));
    });

    test('names come in the order of their bytes', async () => {
      const { files, at } = fresh();
      for (const name of ['b', 'a', 'é', 'Z', '.x']) await files.writeNew(join(at, name), '', OWNER);
      expect(await files.list(at)).toEqual(['.x', 'Z', 'a', 'b', 'é']);
    });

    test('mount points are absolute, and the root is one', async () => {
      const mounts = await fresh().files.mounts();
      expect(mounts).toContain('/');
      expect(mounts.filter((path) => !path.startsWith('/'))).toEqual([]);
    });

    test('space is measured and looking changes nothing', async () => {
      const { files, at } = fresh();
      const space = await files.space(at);
      expect(space.totalBytes).toBeGreaterThanOrEqual(space.freeBytes);
      expect(space.readOnly).toBe(false);
      expect(space.device).toBe((await files.stat(at))?.device);
      expect(await files.writable(at)).toBe(true);
      expect(await files.writable(join(at, 'not', 'yet', 'there'))).toBe(true);
      expect(await files.list(at)).toEqual([]);
    });
  });

  describe(`${name}: writing`, () => {
    test('writeAtomic makes and replaces, with the mode it was told, and leaves nothing beside', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      await files.writeAtomic(path, 'one', { mode: 0o666 });
      expect(await files.stat(path)).toMatchObject({ mode: 0o666 });
      await files.writeAtomic(path, Buffer.from('two'), { mode: 0o600 });
      expect(await files.stat(path)).toMatchObject({ mode: 0o600, size: 3 });
      expect(await text(files, path)).toBe('two');
      expect(await files.list(at)).toEqual(['f']);
    });

    test('writeAtomic of parts as they are made; where their source breaks nothing is changed', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      const parts = async function* (breaks: boolean) {
        yield Buffer.from('one ');
        if (breaks) throw new Error('no more');
        yield Buffer.from('two');
      };
      await files.writeAtomic(path, parts(false), OWNER);
      await expect(files.writeAtomic(path, parts(true), OWNER)).rejects.toThrow('no more');
      expect(await text(files, path)).toBe('one two');
      expect(await files.list(at)).toEqual(['f']);
    });

    test('writeAtomic replaces a link and leaves what it named alone', async () => {
      const { files, at } = fresh();
      await files.writeNew(join(at, 'victim'), 'hello', OWNER);
      await files.symlink('victim', join(at, 'f'));
      await files.writeAtomic(join(at, 'f'), 'new', OWNER);
      expect(await text(files, join(at, 'victim'))).toBe('hello');
      expect(await files.stat(join(at, 'f'))).toMatchObject({ type: 'file' });
    });

    test.each([
      ['text', () => 'hello'],
      ['bytes', () => Buffer.from('hello')],
      ['a stream', () => parts('he', 'l', 'lo')],
    ])('writeNew of %s tells its digest and refuses what exists', async (_, data) => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      expect(await files.writeNew(path, data(), OWNER)).toEqual(HELLO);
      expect(await text(files, path)).toBe('hello');
      await expect(files.writeNew(path, data(), OWNER)).rejects.toMatchObject({ code: 'E_FILE' });
      expect(await files.digest(path)).toEqual(HELLO);
    });

    test('writeNew refuses a link, and takes away what broke', async () => {
      const { files, at } = fresh();
      await files.symlink('elsewhere', join(at, 'l'));
      await expect(files.writeNew(join(at, 'l'), 'x', OWNER)).rejects.toMatchObject({ code: 'E_FILE' });
      await expect(files.writeNew(join(at, 'f'), broken('x'), OWNER)).rejects.toThrow('connection lost');
      expect(await files.list(at)).toEqual(['l']);
    });

    test('appending makes the file, grows it, and goes through no link', async () => {
      const { files, at } = fresh();
      await files.appendDurable(join(at, 'j'), 'one\n');
      await files.appendDurable(join(at, 'j'), 'two\n');
      expect(await text(files, join(at, 'j'))).toBe('one\ntwo\n');
      expect(await files.stat(join(at, 'j'))).toMatchObject({ mode: 0o600 });
      await files.append(join(at, 'e'), 'x', 0o644);
      await files.append(join(at, 'e'), 'y', 0o644);
      expect(await text(files, join(at, 'e'))).toBe('xy');
      expect(await files.stat(join(at, 'e'))).toMatchObject({ mode: 0o644 });
      await files.symlink('j', join(at, 'l'));
      await expect(files.appendDurable(join(at, 'l'), 'x')).rejects.toMatchObject({ code: 'E_FILE' });
      await files.truncate(join(at, 'j'), 4);
      expect(await text(files, join(at, 'j'))).toBe('one\n');
    });
  });

  describe(`${name}: receiving`, () => {
    const options = { ...OWNER, offset: 0, maxBytes: 100 };

    test('a whole transfer, longer than one block', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      const sent = randomBytes(3_000_001);
      const chunks = async function* () {
        for (let from = 0; from < sent.length; from += 65_521) yield sent.subarray(from, from + 65_521);
      };
      const received = await files.receive(path, chunks(), { ...OWNER, offset: 0, maxBytes: sent.length });
      expect(received).toEqual(await files.digest(path));
      expect(Buffer.compare(await files.read(path, { maxBytes: sent.length }), sent)).toBe(0);
      expect(await files.stat(path)).toMatchObject({ mode: 0o640 });
    });

    test('what arrived before a break stays, and the next transfer goes on from it', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      await expect(files.receive(path, broken('he', 'l'), options)).rejects.toThrow('connection lost');
      expect(await text(files, path)).toBe('hel');
      const seen: number[] = [];
      const onProgress = (bytes: number) => seen.push(bytes);
      expect(await files.receive(path, parts('l', 'o'), { ...options, offset: 3, onProgress })).toEqual(HELLO);
      expect(seen).toEqual([4, 5]);
    });

    test('bytes beyond the offset are cut off, and missing ones are refused', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      await files.writeNew(path, 'heXXXXXXXXXXX', OWNER);
      expect(await files.receive(path, parts('llo'), { ...options, offset: 2 })).toEqual(HELLO);
      expect(await text(files, path)).toBe('hello');
      await expect(files.receive(path, parts('x'), { ...options, offset: 6 })).rejects.toMatchObject({
        code: 'E_FILE',
      });
    });

    test('more than the limit is refused, also when kept bytes count', async () => {
      const { files, at } = fresh();
      const path = join(at, 'f');
      const tooLarge = { code: 'E_TOO_LARGE' };
      await expect(files.receive(path, parts('hello'), { ...options, maxBytes: 4 })).rejects.toMatchObject(tooLarge);
      await files.writeAtomic(path, 'hello', OWNER);
      const on = { ...options, offset: 5, maxBytes: 5 };
      await expect(files.receive(path, parts('!'), on)).rejects.toMatchObject(tooLarge);
      expect(await files.receive(path, parts(), on)).toEqual(HELLO);
    });

    test('it stops when told to', async () => {
      const { files, at } = fresh();
      const stop = new AbortController();
      const chunks = async function* () {
        yield Buffer.from('a');
        stop.abort(new Error('paused'));
        yield Buffer.from('b');
      };
      const received = files.receive(join(at, 'f'), chunks(), { ...options, stop: stop.signal });
      await expect(received).rejects.toThrow('paused');
      expect(await text(files, join(at, 'f'))).toBe('a');
    });
  });

  describe(`${name}: changing`, () => {
    test('directories are made with their parents, and existing ones keep their mode', async () => {
      const { files, at } = fresh();
      await files.makeDirectory(join(at, 'a'), { mode: 0o750 });
      await files.makeDirectory(join(at, 'a/b/c'), { mode: 0o711 });
      expect(await files.stat(join(at, 'a'))).toMatchObject({ mode: 0o750 });
      expect(await files.stat(join(at, 'a/b'))).toMatchObject({ mode: 0o711 });
      await files.makeDirectory(join(at, 'a/b/c'), { mode: 0o777 });
      expect(await files.stat(join(at, 'a/b/c'))).toMatchObject({ mode: 0o711 });
      await files.writeNew(join(at, 'f'), '', OWNER);
      await expect(files.makeDirectory(join(at, 'f'), OWNER)).rejects.toMatchObject({ code: 'E_FILE' });
      await expect(files.makeDirectory(join(at, 'f/d'), OWNER)).rejects.toMatchObject({ code: 'E_FILE' });
    });

    test('rename replaces, link shares, remove takes one thing', async () => {
      const { files, at } = fresh();
      const [a, b] = [join(at, 'a'), join(at, 'b')];
      await files.writeNew(a, 'hello', OWNER);
      await files.link(a, b);
      expect(await files.stat(b)).toMatchObject({ links: 2 });
      await files.writeNew(join(at, 'c'), 'new', OWNER);
      await files.rename(join(at, 'c'), a);
      expect([await text(files, a), await text(files, b)]).toEqual(['new', 'hello']);
      await expect(files.link(a, b)).rejects.toMatchObject({ code: 'E_FILE' });
      await expect(files.rename(join(at, 'none'), a)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      for (const path of [a, a, b, join(at, 'none/deeper')]) await files.remove(path);
      await files.makeDirectory(join(at, 'd/e'), { mode: 0o700 });
      await expect(files.remove(join(at, 'd'))).rejects.toMatchObject({ code: 'E_FILE' });
      await files.remove(join(at, 'd/e'));
      expect(await files.list(join(at, 'd'))).toEqual([]);
    });

    test('removeTree takes everything below and follows no link', async () => {
      const { files, at } = fresh();
      await files.makeDirectory(join(at, 'keep'), { mode: 0o700 });
      await files.writeNew(join(at, 'keep/f'), 'hello', OWNER);
      await files.makeDirectory(join(at, 'd/e'), { mode: 0o700 });
      await files.writeNew(join(at, 'd/e/f'), '', OWNER);
      await files.symlink('../keep', join(at, 'd/l'));
      await files.symlink('keep', join(at, 'l'));
      for (const path of ['d', 'd', 'l']) await files.removeTree(join(at, path));
      expect(await files.list(at)).toEqual(['keep']);
      expect(await files.list(join(at, 'keep'))).toEqual(['f']);
    });

    test('ownership is set on the thing itself, never through a link', async () => {
      const { files, at } = fresh();
      await files.writeNew(join(at, 'f'), '', OWNER);
      await files.symlink('f', join(at, 'l'));
      await files.setOwnership(join(at, 'f'), { mode: 0o4711 });
      expect(await files.stat(join(at, 'f'))).toMatchObject({ mode: 0o4711 });
      await expect(files.setOwnership(join(at, 'l'), OWNER)).rejects.toMatchObject({ code: 'E_FILE' });
    });

    test('files, directories and trees can be synced', async () => {
      const { files, at } = fresh();
      await files.makeDirectory(join(at, 'd'), { mode: 0o700 });
      await files.writeNew(join(at, 'd/f'), '', OWNER);
      await files.symlink('nowhere', join(at, 'd/l'));
      for (const path of [at, join(at, 'd/f')]) {
        await files.sync(path);
        await files.syncTree(path);
      }
      await expect(files.sync(join(at, 'none'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      await expect(files.syncTree(join(at, 'none'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    });
  });
}
