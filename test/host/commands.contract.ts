import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CommandOptions, Commands } from '../../src/host/commands.ts';
import { scratch, until } from './scratch.ts';

const LONG = { timeoutMs: 20_000 };

/** What every implementation of `Commands` does. */
export function commandsContract(name: string, commands: Commands): void {
  describe(`${name}: running`, () => {
    test('any end is a result', async () => {
      const script = 'cat; echo err >&2; exit 3';
      const result = await commands.run(['sh', '-c', script], { ...LONG, input: 'in' });
      expect(result).toMatchObject({ exitCode: 3, signal: undefined, timedOut: false, stdout: 'in', stderr: 'err\n' });
      expect(await commands.query(['sh', '-c', 'kill -TERM $$'], LONG)).toMatchObject({ signal: 'SIGTERM' });
    });

    test('the argv is a list, no shell reads it', async () => {
      const odd = ['$HOME', '`id`', 'a b', '', "'", '"; exit 9', '\n'];
      const { stdout } = await commands.run(['printf', '[%s]', ...odd], LONG);
      expect(stdout).toBe(odd.map((argument) => `[${argument}]`).join(''));
    });

    test('the environment is PATH and LANG, or exactly what was given', async () => {
      const { stdout } = await commands.run(['env'], LONG);
      expect(stdout.trim().split('\n')).toEqual([
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'LANG=C.UTF-8',
      ]);
      expect((await commands.run(['/usr/bin/env'], { ...LONG, env: { ONLY: 'this' } })).stdout).toBe('ONLY=this\n');
    });

    test('it runs where it was told, with nothing to read', async () => {
      const at = scratch();
      expect((await commands.run(['pwd'], { ...LONG, cwd: at })).stdout).toBe(`${at}\n`);
      expect((await commands.run(['cat'], LONG)).stdout).toBe('');
    });

    test('who asks hears that it is under way, and nothing of one that cannot be', async () => {
      const heard: string[] = [];
      const run = commands.query(['sleep', '30'], { timeoutMs: 300, onStart: () => heard.push('started') });
      await run.finally(() => heard.push('ended'));
      const nowhere = { ...LONG, cwd: '/not/there', onStart: () => heard.push('not this') };
      await expect(commands.query(['true'], nowhere)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
      expect(heard).toEqual(['started', 'ended']);
    });

    test('input as it comes, and a source that breaks kills whoever reads it', async () => {
      const parts = async function* (broken: boolean) {
        yield Buffer.from('one ');
        if (broken) throw new Error('no more');
        yield Buffer.from('two');
      };
      expect((await commands.must(['cat'], { ...LONG, input: parts(false) })).stdout).toBe('one two');
      await expect(commands.run(['cat'], { ...LONG, input: parts(true) })).rejects.toThrow('no more');
      expect(await commands.run(['true'], { ...LONG, input: parts(false) })).toMatchObject({ exitCode: 0 });
    });

    test('output as it comes, longer than any bound; whole only where no error follows', async () => {
      let size = 0;
      for await (const part of commands.stream(['head', '-c', '9000000', '/dev/zero'], LONG)) size += part.length;
      expect(size).toBe(9_000_000);
      const read = async (argv: readonly [string, ...string[]], options: CommandOptions = LONG) => {
        let text = '';
        for await (const part of commands.stream(argv, options)) text += Buffer.from(part).toString();
        return text;
      };
      await expect(read(['sh', '-c', 'echo some; echo why >&2; exit 2'])).rejects.toMatchObject({
        code: 'E_COMMAND_FAILED',
        message: expect.stringContaining('why'),
      });
      await expect(read(['sleep', '1000'], { timeoutMs: 200 })).rejects.toMatchObject({ code: 'E_COMMAND_TIMEOUT' });
      await expect(read(['no-such-program'])).rejects.toMatchObject({ code: 'E_COMMAND_MISSING' });
      await expect(read(['cat'], { ...LONG, cwd: '/no/such' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    });

    test('a reader that goes away kills the child', async () => {
      const pidFile = join(scratch(), 'pid');
      for await (const part of commands.stream(['sh', '-c', 'echo $$ > "$0"; exec yes', pidFile], LONG)) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      const pid = Number(readFileSync(pidFile, 'utf8'));
      await until(async () => (await commands.startTimeOf(pid)) === undefined);
    });

    test('output beyond the bound is dropped, and the child runs on', async () => {
      const script = 'printf "first %0100d last"; printf "first %0100d last" >&2; exit 7';
      const result = await commands.run(['sh', '-c', script], { ...LONG, maxOutput: 5 });
      expect(result).toMatchObject({ exitCode: 7, stdout: 'first', stderr: ' last' });
    });

    test('output is handed on as it comes, all of it, and not kept then', async () => {
      let handed = '';
      const onOutput = (part: Uint8Array): void => {
        handed += Buffer.from(part).toString();
      };
      const result = await commands.query(['sh', '-c', 'printf first; printf said >&2; printf " last"'], {
        ...LONG,
        maxOutput: 5,
        onOutput,
      });
      expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: 'said' });
      expect(handed).toBe('first last');
    });

    test('a child whose output cannot be taken is killed, and what was thrown is what is said', async () => {
      const pidFile = join(scratch(), 'pid');
      let times = 0;
      const onOutput = (): void => {
        times += 1;
        throw new Error('no such record');
      };
      const running = commands.query(['sh', '-c', 'echo $$ > "$0"; exec yes', pidFile], { ...LONG, onOutput });
      await expect(running).rejects.toThrow('no such record');
      expect(times).toBe(1);
      const pid = Number(readFileSync(pidFile, 'utf8'));
      await until(async () => (await commands.startTimeOf(pid)) === undefined);
    });

    test('a child that takes too long is killed with its whole group', async () => {
      const pidFile = join(scratch(), 'pid');
      const script = 'sleep 1000 & echo $! > "$0"; wait';
      const result = await commands.run(['sh', '-c', script, pidFile], { timeoutMs: 500 });
      expect(result).toMatchObject({ timedOut: true, exitCode: undefined, signal: 'SIGKILL' });
      const grandchild = Number(readFileSync(pidFile, 'utf8'));
      await until(async () => (await commands.startTimeOf(grandchild)) === undefined);
    });

    test('one that left the group and keeps our pipes is not waited for', async () => {
      const pidFile = join(scratch(), 'pid');
      const script = 'setsid sh -c \'echo $$ > "$0"; exec sleep 1000\' "$0" & wait';
      expect(await commands.run(['sh', '-c', script, pidFile], { timeoutMs: 500 })).toMatchObject({ timedOut: true });
      expect(await commands.signal(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')).toBe(true);
    });

    test('stop kills it and rejects with the reason', async () => {
      const pidFile = join(scratch(), 'pid');
      const stop = new AbortController();
      const running = commands.run(['sh', '-c', 'echo $$ > "$0"; sleep 1000', pidFile], { ...LONG, stop: stop.signal });
      const ended = expect(running).rejects.toThrow('paused');
      await until(() => readsNumber(pidFile));
      stop.abort(new Error('paused'));
      await ended;
      const again = commands.run(['true'], { ...LONG, stop: stop.signal });
      await expect(again).rejects.toThrow('paused');
    });

    test('must rejects anything but 0, with the last lines of stderr', async () => {
      expect(await commands.must(['true'], LONG)).toMatchObject({ exitCode: 0 });
      await expect(commands.must(['sh', '-c', 'echo why >&2; exit 3'], LONG)).rejects.toMatchObject({
        code: 'E_COMMAND_FAILED',
        message: expect.stringMatching(/exit code 3, expected exit code 0: why$/),
        facts: { exitCode: 3 },
      });
      await expect(commands.must(['sh', '-c', 'kill -KILL $$'], LONG)).rejects.toMatchObject({
        code: 'E_COMMAND_FAILED',
        facts: { signal: 'SIGKILL' },
      });
      const late = commands.must(['sleep', '1000'], { timeoutMs: 200 });
      await expect(late).rejects.toMatchObject({ code: 'E_COMMAND_TIMEOUT' });
    });

    test('a missing program and a missing directory are told apart', async () => {
      const missing = { code: 'E_COMMAND_MISSING' };
      await expect(commands.run(['no-such-program'], LONG)).rejects.toMatchObject(missing);
      await expect(commands.run(['/etc/passwd'], LONG)).rejects.toMatchObject(missing);
      await expect(commands.query(['/no/such'], LONG)).rejects.toMatchObject(missing);
      await expect(commands.run(['true'], { ...LONG, cwd: '/no/such' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    });
  });

  describe(`${name}: processes`, () => {
    test('a detached one writes to its log and is a leader of its own session', async () => {
      const at = scratch();
      const logPath = join(at, 'log');
      const options = { cwd: at, env: { PATH: '/usr/bin:/bin' }, logPath };
      const script = 'echo out; echo err >&2; ps -o sid= -p $$; pwd; env; exec sleep 1000';
      const pid = await commands.spawnDetached(['sh', '-c', script], options);
      await until(() => readFileSync(logPath, 'utf8').includes('PATH='));
      const [out, err, session, where] = readFileSync(logPath, 'utf8').split('\n');
      expect([out, err, Number(session), where]).toEqual(['out', 'err', pid, at]);
      expect(await commands.startTimeOf(pid)).toMatch(/^\d+$/);
      expect(await commands.signal(pid, 'SIGKILL')).toBe(true);
      await until(async () => (await commands.startTimeOf(pid)) === undefined);
      await until(async () => !(await commands.signal(pid, 'SIGKILL')));
    });

    test('programs are found by name', async () => {
      expect(await commands.find('sh')).toMatch(/^\/.*\/sh$/);
      expect(await commands.find('no-such-program')).toBeUndefined();
    });

    test('a process id that would mean everybody is refused', async () => {
      for (const pid of [-1, 0, 1, Number.NaN])
        await expect(commands.signal(pid, 'SIGKILL')).rejects.toThrow('internal');
    });
  });
}

function readsNumber(path: string): boolean {
  try {
    return Number(readFileSync(path, 'utf8')) > 0;
  } catch {
    return false;
  }
}
