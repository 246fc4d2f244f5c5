import { expect, test } from 'vitest';
import { serviceText, timerText } from '../../src/guard/unit-texts.ts';

const WATCH = {
  installation: 'dockmesh',
  argv: ['systemd-run', '--unit=refit-dockmesh', '--', '/usr/local/lib/refit/0a/node', 'guard'],
  stateDirectory: '/var/lib/refit/dockmesh',
  intervalMs: 30_000,
} as const;

test('the service starts the worker and ends', () => {
  expect(serviceText(WATCH).split('\n').slice(1)).toEqual([
    '[Unit]',
    "Description=refit's guard of dockmesh",
    'StartLimitIntervalSec=0',
    'RequiresMountsFor="/var/lib/refit/dockmesh"',
    '',
    '[Service]',
    'Type=oneshot',
    'ExecStart=-"systemd-run" "--unit=refit-dockmesh" "--" "/usr/local/lib/refit/0a/node" "guard"',
    '',
  ]);
});

test('the timer repeats on steady clocks, and boots start it', () => {
  expect(timerText(WATCH)).toBe(`[Unit]
Description=refit's guard of dockmesh

[Timer]
OnActiveSec=30000ms
OnUnitActiveSec=30000ms
AccuracySec=1s

[Install]
WantedBy=timers.target
`);
});

test.each([
  ['a b', '"a b"'],
  ['100%', '"100%%"'],
  ['$HOME', '"$$HOME"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['a\nExecStart=/bin/evil', '"a\\x0aExecStart=/bin/evil"'],
  ["it's; & |", '"it\'s; & |"'],
  ['Größe', '"Größe"'],
])('the word %j of a command line is written %s', (word, written) => {
  const text = serviceText({ ...WATCH, argv: ['x', word] });
  expect(text.split('\n').filter((line) => line.startsWith('ExecStart='))).toEqual([`ExecStart=-"x" ${written}`]);
});

test('a state directory brings no line of its own', () => {
  const text = serviceText({ ...WATCH, stateDirectory: '/srv/a "b" 5%\n[Service]\nExecStartPre=/bin/evil' });
  expect(text.split('\n').filter((line) => line.startsWith('[Service]') || line.startsWith('ExecStartPre'))).toEqual([
    '[Service]',
  ]);
  expect(text).toContain('RequiresMountsFor="/srv/a \\"b\\" 5%%\\x0a[Service]');
});
