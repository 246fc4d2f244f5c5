import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Ports nobody listens on now, all different. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/**
 * Starts `argv` with nothing in its environment but PATH and `env`, and keeps what it logs. Options and result:
 * install-sample.d.mts, `Running`.
 */
export function startProgram(argv, { env = {}, cwd = '/' } = {}) {
  const child = spawn(argv[0], argv.slice(1), {
    cwd,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    out += bytes;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    pid: child.pid,
    ended,
    output: () => out,
    logged: (msg) => logLines(out).filter((line) => line.msg === msg || line.msg.startsWith(`${msg} `)),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function logLines(out) {
  const whole = out.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return whole.map((line) => JSON.parse(line));
}

/** GET, and {status, body}; undefined while nobody answers. */
export async function ask(url, headers = {}) {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}

/** Asks until the server says it is ready; rejects with its log if it ends or has not said so after `timeoutMs`. */
export async function untilReady(url, running, timeoutMs = 10_000) {
  let ended = false;
  const end = () => {
    ended = true;
  };
  running.ended.then(end, end);
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline && !ended; await delay(5)) {
    const answer = await ask(`${url}/healthz/ready`);
    if (answer?.status === 200 && answer.body === 'ready') return;
  }
  throw new Error(`Not ready, ${ended ? 'ended' : 'timed out'}:\n${running.output()}`);
}
