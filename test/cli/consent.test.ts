import { describe, expect, test } from 'vitest';
import { requireConsent, requireFit } from '../../src/cli/consent.ts';
import type { Context } from '../../src/cli/context.ts';
import { judged, LOW_SPACE, UNIT_CHANGED } from './support/made.ts';
import { recordingTerminal } from './support/terminal.ts';

const asking = (terminal: Context['terminal']): Context => ({
  terminal,
  output: 'table',
  workshop: () => Promise.reject(new Error('nothing is needed to ask')),
  environment: {},
  workingDirectory: '/',
  typed: 'refit upgrade',
  given: new Set<string>(),
});

describe('a question', () => {
  test.each(['y', 'Y', 'yes', ' YES '])('%j is consent', async (answer) => {
    const terminal = recordingTerminal({ asks: true, answer });
    await expect(requireConsent(asking(terminal), {}, 'Go?')).resolves.toBeUndefined();
    expect(terminal.stderr).toBe('Go? [y/N] ');
  });

  test.each(['', 'n', 'no', 'yess', 'yes please'])('%j is none', async (answer) => {
    const terminal = recordingTerminal({ asks: true, answer });
    await expect(requireConsent(asking(terminal), {}, 'Go?')).rejects.toMatchObject({ code: 'E_DECLINED' });
  });

  test('nor is an end of input; the next line begins a line', async () => {
    const terminal = recordingTerminal({ asks: true });
    await expect(requireConsent(asking(terminal), {}, 'Go?')).rejects.toMatchObject({ code: 'E_DECLINED' });
    expect(terminal.stderr).toBe('Go? [y/N] \n');
  });

  test('--yes answers it; nobody is asked', async () => {
    const terminal = recordingTerminal({ asks: true, answer: 'n' });
    await expect(requireConsent(asking(terminal), { yes: true }, 'Go?')).resolves.toBeUndefined();
    expect(terminal.stderr).toBe('');
  });

  test('where nobody can be asked, and no --yes', async () => {
    const terminal = recordingTerminal({ answer: 'y' });
    await expect(requireConsent(asking(terminal), {}, 'Go?')).rejects.toMatchObject({ code: 'E_CONFIRMATION_NEEDED' });
    expect(terminal.stderr).toBe('');
  });
});

describe('findings', () => {
  test('inhibit, each by name, with the words that let it pass', () => {
    const files = judged({ code: 'files', severity: 'inhibit', measured: 'read-only' });
    expect(() => requireFit([LOW_SPACE, UNIT_CHANGED, files])).toThrow(
      expect.objectContaining({
        code: 'E_CHECK_FAILED',
        message: expect.stringMatching(/^Cannot begin: low-space \(.*\); files \(read-only\)$/),
        hint: expect.stringContaining('--waive low-space --waive files'),
      }),
    );
  });

  test('that share a code are let pass by one word', () => {
    const elsewhere = { ...LOW_SPACE, measured: 'none at all at /usr' };
    expect(() => requireFit([LOW_SPACE, elsewhere])).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/low-space \(.*\); low-space \(none at all at \/usr\)$/),
        hint: expect.stringMatching(/it means: --waive low-space$/),
        facts: { findings: 'low-space' },
      }),
    );
  });

  test('that only warn, or were waived, do not', () => {
    expect(() => requireFit([UNIT_CHANGED, { ...LOW_SPACE, waived: true }])).not.toThrow();
  });
});
