import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { parseCatalogue, parseRelease } from '../../src/release/catalogue.ts';
import { refusalOf } from './workshop.ts';

const folder = (tag: string) => `https://m.example/${tag}/`;
const options = { origin: 'the mirror', folder };

function parse(value: unknown) {
  return parseCatalogue(JSON.stringify(value), options);
}

describe('parseCatalogue', () => {
  test('reads what GitHub writes', () => {
    const asset = {
      name: 'a.tar.gz',
      size: 123,
      browser_download_url: 'https://github.com/o/n/releases/download/v1.0.0/a.tar.gz',
    };
    const published_at = '2026-01-01T00:00:00Z';
    expect(parse([{ tag_name: 'v1.0.0', draft: false, prerelease: true, published_at, assets: [asset] }])).toEqual([
      {
        tag: 'v1.0.0',
        prerelease: true,
        publishedAt: published_at,
        assets: [{ name: 'a.tar.gz', size: 123, url: asset.browser_download_url }],
        base: undefined,
      },
    ]);
  });

  test('leaves out drafts and tags that are no versions', () => {
    const tags = [
      { tag_name: 'nightly' },
      { tag_name: 'v1.0.0', draft: true },
      { tag_name: '../v1' },
      { tag_name: 'v0.9.0' },
    ];
    expect(parse(tags).map(({ tag }) => tag)).toEqual(['v0.9.0']);
  });

  test.each([undefined, null, 'a.tar.gz', '/x/a.tar.gz', 'other/a.tar.gz'])(
    'an asset whose URL is %j lies in the folder of its tag',
    (written) => {
      const assets = [{ name: 'a.tar.gz', browser_download_url: written }];
      expect(parse([{ tag_name: 'v1.0.0', assets }])[0]?.assets[0]?.url).toBe('https://m.example/v1.0.0/a.tar.gz');
    },
  );

  test('a release that lists no assets may hold any', () => {
    expect(parse([{ tag_name: 'v1.0.0' }])[0]).toMatchObject({ assets: [], base: 'https://m.example/v1.0.0/' });
    expect(parse([{ tag_name: 'v1.0.0', assets: [] }])[0]?.base).toBeUndefined();
  });

  test.each([-1, 0, 1.5, '9', null, Number.MAX_VALUE])('a size of %j is no size', (size) => {
    expect(parse([{ tag_name: 'v1.0.0', assets: [{ name: 'a', size }] }])[0]?.assets[0]?.size).toBeUndefined();
  });

  test.each<[string, string]>([
    ['<!DOCTYPE html><html>', 'an HTML page'],
    ['', 'text that is no JSON'],
    ['[{', 'text that is no JSON'],
    ['{"message":"Not Found"}', 'an object'],
    ['null', 'nothing'],
    ['[1]', 'a number at [0]'],
    ['[[]]', 'a list at [0]'],
    ['[{"tag_name":7}]', 'a number at [0].tag_name'],
    ['[{}]', 'nothing at [0].tag_name'],
    ['[{"tag_name":"v1.0.0","assets":{}}]', 'an object at [0].assets'],
    ['[{"tag_name":"v1.0.0","assets":[{}]}]', 'nothing at [0].assets[0].name'],
    ['[{"tag_name":"v1.0.0","assets":["a"]}]', 'nothing at [0].assets[0].name'],
    [
      '[{"tag_name":"v1.0.0","assets":[{"name":"a","browser_download_url":"file:///etc/shadow"}]}]',
      '"file:///etc/shadow" at [0].assets[0].browser_download_url',
    ],
    [
      '[{"tag_name":"v1.0.0","assets":[{"name":"a","browser_download_url":7}]}]',
      '7 at [0].assets[0].browser_download_url',
    ],
    [`[${'{"tag_name":"v1.0.0"},'.repeat(10_000)}{"tag_name":"v1.0.0"}]`, '10001 releases'],
  ])('refuses %.60s', async (text, saw) => {
    const error = await refusalOf(() => parseCatalogue(text, options));
    expect(error.code).toBe('E_SOURCE_INVALID');
    expect(error.message).toContain(`saw ${saw}, expected`);
  });

  test('no JSON does worse than a coded refusal', () => {
    const asset = fc.record({ name: fc.string(), browser_download_url: fc.oneof(fc.webUrl(), fc.anything()) });
    const release = fc.record({ tag_name: fc.oneof(fc.constant('v1.0.0'), fc.string()), assets: fc.array(asset) });
    fc.assert(
      fc.property(fc.oneof(fc.array(release), fc.jsonValue()), (value) => {
        try {
          for (const { assets } of parse(value)) for (const { url } of assets) expect(url).toMatch(/^https?:/i);
        } catch (error) {
          expect(error).toBeInstanceOf(RefitError);
        }
      }),
    );
  });
});

test('parseRelease reads one, and none where it is a draft', () => {
  expect(parseRelease('{"tag_name":"v1.0.0"}', options)?.tag).toBe('v1.0.0');
  expect(parseRelease('{"tag_name":"v1.0.0","draft":true}', options)).toBeUndefined();
});
