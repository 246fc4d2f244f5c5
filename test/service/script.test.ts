import { expect, test } from 'vitest';
import { interpreterIn, scriptIn } from '../../src/service/script.ts';

test.each([
  ['#!/bin/sh\necho', '/bin/sh'],
  ['#! /usr/bin/perl -w\n', '/usr/bin/perl'],
  ['#!/usr/bin/env node\n', 'node'],
  ['#!/usr/bin/env -S node --no-warnings\n', 'node'],
  ['#!/usr/bin/env -S A=b /opt/node\n', '/opt/node'],
  ['#!/bin/sh', '/bin/sh'],
  ['#!/usr/bin/env\n', undefined],
  ['#!\n/bin/sh', undefined],
  ['\x7fELF\x02', undefined],
  [' #!/bin/sh\n', undefined],
  ['', undefined],
])('the interpreter in %j is %j', (head, program) => {
  expect(interpreterIn(head)?.program).toBe(program);
});

test.each([
  ['sh\0/opt/x\0', '/opt/x'],
  ['/bin/sh\0-e\0./x\0serve\0', './x'],
  ['python3\0-m\0edit\0/opt/x\0', 'edit'],
  ['sh\0', undefined],
  ['sh\0-i\0', undefined],
  ['', undefined],
])('the script in %j is %j', (cmdline, script) => {
  expect(scriptIn(cmdline)).toBe(script);
});
