import { expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { errnoOf, fileError, naming } from '../../src/host/errno.ts';

const system = (code: string) => Object.assign(new Error(`${code}: something`), { code });

test.each([
  ['ENOSPC', 'E_NO_SPACE'],
  ['EDQUOT', 'E_NO_SPACE'],
  ['EROFS', 'E_READ_ONLY'],
  ['EIO', 'E_IO'],
  ['EACCES', 'E_PERMISSION'],
  ['EPERM', 'E_PERMISSION'],
  ['ENOENT', 'E_NOT_FOUND'],
  ['EXDEV', 'E_FILE'],
  ['ELOOP', 'E_FILE'],
])('%s is %s, and both are said', (errno, code) => {
  const error = fileError('write /a/b', '/a/b', system(errno));
  expect(error).toBeInstanceOf(RefitError);
  expect(error).toMatchObject({ code, message: `Cannot write /a/b: ${errno}`, facts: { errno, path: '/a/b' } });
});

test('what can be cured says how', () => {
  for (const errno of ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EACCES', 'EPERM', 'ELOOP']) {
    expect(fileError('write /a/b', '/a/b', system(errno))).toHaveProperty('hint', expect.stringMatching(/\w+/));
  }
});

test.each([
  ['a coded error', new RefitError('E_TOO_LARGE', 'Cannot read')],
  ['an error of Node about its arguments', Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_ARG_VALUE' })],
  ['a bug', new TypeError('undefined is not a function')],
  ['no error at all', 'text'],
])('%s stays what it is', async (_, cause) => {
  expect(errnoOf(cause)).toBeUndefined();
  await expect(naming('write /a', '/a', () => Promise.reject(cause))).rejects.toBe(cause);
});
