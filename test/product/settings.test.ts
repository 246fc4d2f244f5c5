import { describe, expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { loadSettings, type SettingKind } from '../../src/product/settings.ts';

const FLAGS = new Map<string, SettingKind>([
  ['to', 'value'],
  ['token-file', 'value'],
  ['yes', 'switch'],
  ['waive', 'list'],
]);
const load = (text: string) => loadSettings({ file: 'refit.yaml', text }, FLAGS);

/** The lines of what is wrong with it. */
function wrong(text: string): readonly string[] {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    expect(error.code).toBe('E_CONFIG_INVALID');
    expect(error.facts['problems']).toBe(error.message.split('\n').length - 1);
    return error.message.split('\n').slice(1);
  }
  throw new Error('it was read');
}

describe('what is read', () => {
  test.each([
    ['', {}],
    ['# nothing yet\n', {}],
    ['to: v0.2.x\n', { to: 'v0.2.x' }],
    ['to: "0.10"\n', { to: '0.10' }],
    ['yes: true\n', { yes: true }],
    ['token-file: /etc/refit/token\n', { tokenFile: '/etc/refit/token' }],
    ['token_file: /etc/refit/token\n', { tokenFile: '/etc/refit/token' }],
    [
      'proxy: http://proxy.test:3128\nca_file: /etc/ssl/ours.pem\n',
      { proxy: 'http://proxy.test:3128', caFile: '/etc/ssl/ours.pem' },
    ],
    ['waive: low-space\n', { waive: ['low-space'] }],
    ['waive: [low-space, files]\n', { waive: ['low-space', 'files'] }],
  ])('%j', (text, settings) => {
    expect(load(text)).toEqual(settings);
  });
});

describe('what is not', () => {
  test.each([
    ['tto: x\n', ['refit.yaml:1:1: saw the key "tto", expected a flag\'s name: did you mean "to"?']],
    ['qqqqqqqq: x\n', ['refit.yaml:1:1: saw the key "qqqqqqqq", expected a flag\'s name']],
    ['to: 0.10\n', ['refit.yaml:1:5: saw 0.1 for "to", expected text (numbers in quotes, or 1.10 would become 1.1)']],
    ['to: true\n', [expect.stringContaining('saw true for "to", expected text')]],
    ['to:\n', [expect.stringContaining('saw nothing for "to", expected text')]],
    ['yes: please\n', ['refit.yaml:1:6: saw please for "yes", expected true or false']],
    ['waive: {a: b}\n', ['refit.yaml:1:8: saw a map for "waive", expected text or a list of texts']],
    ['waive: [1]\n', ['refit.yaml:1:8: saw a list for "waive", expected text or a list of texts']],
    ['- to\n', ['refit.yaml:1:1: saw no map, expected "key: value" lines']],
    ['to: a\n\tyes: true\n', [expect.stringMatching(/^refit\.yaml:2:1: /)]],
    ['to: a\nto: b\n', ['refit.yaml:2:1: saw this key a second time, expected each key once']],
    ['__proto__: 1\n', [expect.stringContaining('"__proto__"')]],
  ])('%j', (text, lines) => {
    expect(wrong(text)).toEqual(lines);
  });

  test('every problem at once', () => {
    expect(wrong('tto: a\nyes: 1\nwaive: {}\n')).toHaveLength(3);
  });
});
