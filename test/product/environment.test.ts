import { expect, test } from 'vitest';
import { environmentOf, wantedEnvFiles } from '../../src/product/environment.ts';
import { builtin, initInput } from './given.ts';

const dockmesh = await builtin('dockmesh');
const AUTO = '/var/lib/dockmesh/dockmesh.env';

test('an EnvironmentFile= wins over Environment=, the later file over the earlier', () => {
  const input = {
    ...initInput('', {
      environment: { A: 'unit', B: 'unit', C: 'unit' },
      environmentFiles: [
        { path: '/1', optional: false },
        { path: '/2', optional: true },
      ],
    }),
    texts: new Map([
      ['/1', 'B=one\nC=one\n'],
      ['/2', 'C=two\n'],
    ]),
  };
  const { given, file } = environmentOf(dockmesh, input);
  expect(given).toEqual({ A: 'unit', B: 'one', C: 'two' });
  expect(file).toBe('/2');
});

test("the product's own file fills only what the real environment leaves open, and its first line counts", () => {
  const unit = { environment: { A: 'real' }, environmentFiles: [], arguments: ['serve', '--env-file', '/own.env'] };
  const input = { ...initInput('', unit), texts: new Map([['/own.env', 'A=file\nB=1\nB=2\n']]) };
  expect(environmentOf(dockmesh, input)).toMatchObject({ given: { A: 'real', B: '1' }, file: '/own.env' });
});

test.each([
  [['serve', '--env-file', '/a', '--env-file=/b'], '/b'],
  [['--env-file=/a', 'serve'], '/a'],
])('the file that %j names is wanted', (words, path) => {
  const input = initInput('', { arguments: words, environmentFiles: [] });
  expect(wantedEnvFiles(dockmesh, input)).toEqual([{ path, optional: false }]);
});

test('without any file named, those the product reads by itself are wanted', () => {
  expect(wantedEnvFiles(dockmesh, initInput('', { environmentFiles: [] }))).toEqual([
    { path: AUTO, optional: true },
    { path: '/usr/local/var/dockmesh/dockmesh.env', optional: true },
  ]);
});

test('the automatic file is read, unless the key that forbids it is set', () => {
  const text = 'DOCKMESH_HTTP_ADDR=:1\n';
  expect(environmentOf(dockmesh, initInput(text, { environmentFiles: [] })).effective['DOCKMESH_HTTP_ADDR']).toBe(':1');
  const set = { environmentFiles: [], environment: { DOCKMESH_DB_PATH: '/x/y.db' } };
  expect(environmentOf(dockmesh, initInput(text, set)).effective['DOCKMESH_HTTP_ADDR']).toBe(':8080');
});

test('an empty value means the default to dockmesh, and itself to a product that does not say so', async () => {
  const input = initInput('DOCKMESH_HTTP_ADDR=\n');
  expect(environmentOf(dockmesh, input).effective['DOCKMESH_HTTP_ADDR']).toBe(':8080');
  const other = await builtin('dockmesh', 'env: { empty_is_unset: false }');
  expect(environmentOf(other, input).effective['DOCKMESH_HTTP_ADDR']).toBe('');
});

test('a file the unit needs and that is not there is a finding', () => {
  const { findings } = environmentOf(dockmesh, { ...initInput(), texts: new Map() });
  expect(findings).toMatchObject([{ code: 'env-file-missing', severity: 'inhibit', measured: `${AUTO} is not there` }]);
});

test('lines that the product would read differently than systemd are a finding without their values', () => {
  const { findings } = environmentOf(dockmesh, initInput('TOKEN=hun\\ter\n'));
  expect(findings).toMatchObject([{ code: 'env-file-ambiguous', severity: 'warning', measured: `TOKEN in ${AUTO}` }]);
});
