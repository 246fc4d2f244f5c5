import { expect, test } from 'vitest';
import { integer, one, optional, parseShow, words } from '../../src/service/show-output.ts';

const SHOWN = `MainPID=172
ExecStart={ path=/opt/a b ; argv[]=/opt/a b new
line=x ; ignore_errors=no }
EnvironmentFiles=/etc/x.env (ignore_errors=yes)
EnvironmentFiles=/dev/null (ignore_errors=no)
TriggeredBy=a.socket b.timer
User=
`;

test('reads properties, also several of one name and one over several lines', () => {
  const shown = parseShow(SHOWN);
  expect(integer(shown, 'MainPID')).toBe(172);
  expect(shown.get('EnvironmentFiles')).toEqual(['/etc/x.env (ignore_errors=yes)', '/dev/null (ignore_errors=no)']);
  expect(one(shown, 'ExecStart')).toBe('{ path=/opt/a b ; argv[]=/opt/a b new\nline=x ; ignore_errors=no }');
  expect(words(shown, 'TriggeredBy')).toEqual(['a.socket', 'b.timer']);
});

test('unset and unknown are nothing', () => {
  const shown = parseShow(SHOWN);
  expect([optional(shown, 'User'), optional(shown, 'Nobody'), integer(shown, 'User')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([one(shown, 'Nobody'), words(shown, 'User')]).toEqual(['', []]);
  expect(parseShow('').size).toBe(0);
});
