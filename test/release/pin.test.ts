import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitOf, RefitError } from '../../src/errors.ts';
import { type Pin, parsePin, pinText, readPin } from '../../src/release/pin.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

const ASSET = {
  name: 'app_linux_amd64.tar.gz',
  arch: 'amd64',
  url: 'https://example.org/v1.2.3/app_linux_amd64.tar.gz',
  size: 17,
  sha256: 'ab'.repeat(32),
} as const;
const OTHER = { ...ASSET, name: 'app_linux_arm64.tar.gz', arch: 'arm64' } as const;
const PIN: Pin = { product: 'app', version: 'v1.2.3', publishedAt: '2026-01-02T03:04:05Z', assets: [ASSET, OTHER] };
const parsed = (text: string): Pin => parsePin(Buffer.from(text), '/srv/refit.pin');

test('what was written is read, and the same pin is the same bytes', () => {
  const text = pinText(PIN);
  expect(parsed(text)).toEqual(PIN);
  expect(pinText({ ...PIN, assets: [OTHER, ASSET] })).toBe(text);
  expect(text).toMatch(/^\{\n {2}"format": 1,\n {2}"product": "app",\n {2}"version": "v1\.2\.3",/);
});

test('what is not known is left out; a signer has a place', () => {
  const { publishedAt: _, ...undated } = PIN;
  expect(parsed(pinText(undated))).toEqual(undated);
  const signed = { ...PIN, assets: [{ ...ASSET, signer: 'ada@acme.example' }] };
  expect(parsed(pinText(signed))).toEqual(signed);
});

describe('refused', () => {
  const edited = (change: (pin: Record<string, unknown>, asset: Record<string, unknown>) => void): string => {
    const pin = JSON.parse(pinText(PIN));
    change(pin, pin.assets[0]);
    return JSON.stringify(pin);
  };
  const asset = (key: string, value: unknown) =>
    edited((_, one) => {
      one[key] = value;
    });
  test.each<[string, string, RegExp]>([
    ['nothing', '', /an early end/],
    ['a page', '<!doctype html>', /expected a JSON value/],
    ['a list', '[]', /a list as pin/],
    ['a key twice', pinText(PIN).replace('"format": 1,', '"format": 1, "format": 1,'), /"format" twice/],
    ['another format', edited((pin) => Object.assign(pin, { format: 2 })), /the format 2, expected 1/],
    ['no format', edited((pin) => delete pin['format']), /no pin\.format/],
    ['an unknown key', edited((pin) => Object.assign(pin, { also: [] })), /"also" in pin, expected only format/],
    ['an unknown key of an asset', asset('script', 'x'), /"script" in pin\.assets\[0\]/],
    ['no version', edited((pin) => Object.assign(pin, { version: '../../etc' })), /as pin\.version/],
    ['no assets', edited((pin) => Object.assign(pin, { assets: [] })), /0 assets/],
    ['too many', edited((pin) => Object.assign(pin, { assets: Array(65).fill(ASSET) })), /65 assets/],
    ['two of a name', edited((pin) => Object.assign(pin, { assets: [ASSET, ASSET] })), /two assets of the name/],
    [
      'two of an architecture',
      edited((pin) => Object.assign(pin, { assets: [ASSET, { ...OTHER, arch: 'amd64' }] })),
      /two assets of the arch/,
    ],
    ['a name that leads away', asset('name', '../app.tar.gz'), /a plain file name/],
    ['a name with a folder', asset('name', 'a/b'), /a plain file name/],
    ['a name with a line end', asset('name', 'a\nb'), /a plain file name/],
    ['no name', asset('name', ''), /a plain file name/],
    ['another architecture', asset('arch', 'mips'), /"mips" as an architecture/],
    ['a file of the machine', asset('url', 'file:///etc/shadow'), /"file:\/\/\/etc\/shadow" as a URL/],
    ['no URL', asset('url', 'https://'), /as a URL/],
    ['a URL with a password', asset('url', 'https://ada:secret@example.org/a'), /without a user/],
    ['half a digest', asset('sha256', 'ab'), /as sha256/],
    ['a digest in capitals', asset('sha256', 'AB'.repeat(32)), /lower-case/],
    ['a size of nothing', asset('size', 0), /0 as a size/],
    ['a size below', asset('size', -1), /not negative/],
    ['half a byte', pinText(PIN).replace('17', '17.5'), /the number "17\.5"/],
    ['a size as text', asset('size', '17'), /a string as pin\.assets\[0\]\.size/],
  ])('%s', async (_, text, words) => {
    const refusal = await refusalOf(() => parsed(text));
    expect({ code: refusal.code, exit: exitOf(refusal), path: refusal.facts['path'] }).toEqual({
      code: 'E_PIN_INVALID',
      exit: 6,
      path: '/srv/refit.pin',
    });
    expect(refusal.message).toMatch(words);
  });

  test('a file that is not there, or larger than any', async () => {
    await using shop = await openWorkshop();
    const none = await refusalOf(() => readPin(shop.host.files, `${shop.folder}/none`));
    expect({ code: none.code, exit: exitOf(none) }).toEqual({ code: 'E_PIN_MISSING', exit: 6 });
    const large = await shop.put('large', ' '.repeat(1024 * 1024 + 1));
    const refusal = await refusalOf(() => readPin(shop.host.files, large));
    expect(refusal).toMatchObject({ code: 'E_PIN_INVALID', message: expect.stringContaining('a larger file') });
  });
});

test('a pin with any piece replaced is read as it was or refused', () => {
  const text = pinText(PIN);
  const property = fc.property(fc.nat(text.length), fc.nat(12), fc.string({ maxLength: 12 }), (at, cut, by) => {
    try {
      const pin = parsed(text.slice(0, at) + by + text.slice(at + cut));
      expect(pinText(parsed(pinText(pin)))).toBe(pinText(pin));
    } catch (error) {
      if (!(error instanceof RefitError)) throw error;
      expect(error.code).toBe('E_PIN_INVALID');
    }
  });
  fc.assert(property, { numRuns: 2000 });
});
