import { describe, expect, test } from 'vitest';
import { reportError, reportFailure } from '../../../src/cli/report/error.ts';
import { RefitError } from '../../../src/errors.ts';
import { recordingTerminal } from '../support/terminal.ts';

const error = new RefitError('E_NOT_ROOT', 'Cannot change \x1b[31mthis', { hint: 'Type it\x07 with sudo' });

test('people: what could not be done, its code, what to type; no control character', () => {
  const terminal = recordingTerminal();
  reportError(terminal, 'table', error);
  expect(terminal.stdout).toBe('');
  expect(terminal.stderr).toBe('error: Cannot change ?[31mthis\n  code: E_NOT_ROOT\n  next: Type it? with sudo\n');
});

test('colour is for stderr that has it', () => {
  const terminal = recordingTerminal({ colour: true });
  reportError(terminal, 'table', error);
  expect(terminal.stderr.startsWith('\x1b[31merror:\x1b[39m Cannot')).toBe(true);
});

describe.each(['json', 'ndjson'] as const)('-o %s', (output) => {
  test('one object on stdout', () => {
    const terminal = recordingTerminal();
    reportError(terminal, output, error);
    expect(terminal.stderr).toBe('');
    expect(terminal.stdout.endsWith('\n')).toBe(true);
    expect(JSON.parse(terminal.stdout)).toEqual({
      error: { code: 'E_NOT_ROOT', message: 'Cannot change \x1b[31mthis', hint: 'Type it\x07 with sudo' },
    });
  });

  test('the facts too: which check failed, on what', () => {
    const terminal = recordingTerminal();
    reportError(terminal, output, new RefitError('E_SIGNATURE_INVALID', 'Cannot trust a', { facts: { check: 'set' } }));
    expect(JSON.parse(terminal.stdout)).toEqual({
      error: { code: 'E_SIGNATURE_INVALID', message: 'Cannot trust a', facts: { check: 'set' } },
    });
  });

  test('without a hint there is none', () => {
    const terminal = recordingTerminal();
    reportFailure(terminal, output, { code: 'E_IO', message: 'Cannot read' });
    expect(JSON.parse(terminal.stdout)).toEqual({ error: { code: 'E_IO', message: 'Cannot read' } });
  });
});

test('anything else is a bug, with the place where it happened', () => {
  const terminal = recordingTerminal();
  reportError(terminal, 'table', new TypeError('no such thing'));
  expect(terminal.stderr).toMatch(/^error: internal: TypeError: no such thing\n\s+at /);
  expect(terminal.stderr).toContain('\n  code: E_BUG\n  next: Please report this');
});
