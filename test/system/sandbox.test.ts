import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { SandboxJob, SandboxResult } from '../../src/service/sandbox.ts';
import { bootHost, type LabHost } from './support/host.ts';

const JOB = path.join(import.meta.dirname, 'support/sandbox-job.ts');
const SCRATCH = '/var/lib/scratch';
const SOCKET = '/run/docker.sock';
let host: LabHost;

beforeAll(async () => {
  host = await bootHost('sandbox');
  host.must(['groupadd', '--force', 'docker']);
  host.must(['useradd', '--system', '--no-create-home', '--groups', 'docker', 'server']);
  host.must(['sh', '-c', `touch ${SOCKET}; chgrp docker ${SOCKET}; chmod 660 ${SOCKET}`]);
  return async () => host[Symbol.asyncDispose]();
});

/** A script as the product's binary, in the sandbox of a rehearsal. */
function run(script: string, given: Partial<SandboxJob> = {}): SandboxResult {
  host.must(
    ['sh', '-c', `rm -rf ${SCRATCH}; mkdir -m 700 ${SCRATCH}; cat > ${SCRATCH}/program; chmod 755 ${SCRATCH}/program`],
    {
      input: `#!/bin/sh\n${script}\n`,
    },
  );
  onTestFinished(() => void host.exec(['rm', '-rf', SCRATCH]));
  const job: SandboxJob = {
    binary: `${SCRATCH}/program`,
    argv: [],
    scratch: SCRATCH,
    env: { SCRATCH: '/run/refit-rehearse/TEST/scratch' },
    user: 'server',
    timeoutMs: 20_000,
    ...given,
  };
  return JSON.parse(host.must([process.execPath, JOB, JSON.stringify(job)])) as SandboxResult;
}

test("a job is the product's user, in no group but its own, with no capability to gain any", () => {
  expect(host.must(['id', '-Gn', 'server'])).toContain('docker');
  const { exitCode, output } = run('id -un; id -Gn; grep -E "^(CapBnd|NoNewPrivs)" /proc/self/status');
  expect({ exitCode, said: output.trim().split(/\s+/) }).toEqual({
    exitCode: 0,
    said: ['server', 'server', 'CapBnd:', '0000000000000000', 'NoNewPrivs:', '1'],
  });
});

test('a job reaches neither the docker socket nor a network nor anything outside of its scratch', () => {
  const script = [
    `cat ${SOCKET} && echo SOCKET`,
    'cut -s -d: -f1 /proc/net/dev',
    'touch /var/lib/elsewhere /usr/elsewhere /etc/elsewhere && echo WROTE',
    'echo kept > $SCRATCH/made; cat $SCRATCH/made',
    'env | cut -d= -f1 | sort | tr "\\n" " "',
  ];
  const { exitCode, output } = run(script.join('\n'));
  expect(exitCode).toBe(0);
  expect(output).not.toMatch(/SOCKET|WROTE|eth/);
  expect(output).toMatch(/^ *lo$/m);
  expect(output).toMatch(/^kept$/m);
  expect(output).toMatch(/^PATH PWD SCRATCH\b/m);
});

test('a job that does not end is ended, and nothing of it is left', () => {
  const { timedOut, exitCode } = run('sleep 600', { timeoutMs: 2_000 });
  expect(timedOut || exitCode !== 0).toBe(true);
  expect(host.must(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-rehearse-*'])).toBe('');
  expect(host.exec(['pgrep', '-f', 'sleep 600']).exitCode).toBe(1);
  expect(host.exec(['test', '-e', '/run/refit-rehearse/TEST']).exitCode).toBe(1);
});
