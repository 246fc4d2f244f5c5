import { hostname } from 'node:os';
import type { Effects } from './effects.ts';
import type { Host, Identity } from './host.ts';
import type { NetworkOptions } from './network.ts';
import { nodeClock } from './node-clock.ts';
import { nodeCommands } from './node-commands.ts';
import { nodeFiles } from './node-files.ts';
import { nodeHttp } from './node-http.ts';
import { nodeLock } from './node-lock.ts';
import { nodeSqlite } from './node-sqlite.ts';

/** A shell may stand in a directory that is gone; then there is nothing for a relative path to be relative to. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

/** In a single executable there is no entry file: the program is the executable. */
function self(): readonly [string, ...string[]] {
  const isSingle = process.getBuiltinModule('node:sea').isSea();
  const [, entry] = process.argv;
  if (isSingle || entry === undefined) return [process.execPath];
  return [process.execPath, ...process.execArgv, entry];
}

export function readIdentity(): Identity {
  const environment = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    uid: process.getuid?.() ?? -1,
    pid: process.pid,
    hostname: hostname(),
    platform: process.platform,
    architecture: process.arch,
    self: self(),
    environment: Object.fromEntries(environment),
    workingDirectory: workingDirectory(),
  };
}

/**
 * The real machine; every touch of it goes through `effects`. `network` overrides where proxies and certificates come from,
 * by default the identity's own environment.
 */
export function nodeHost(effects: Effects, identity: Identity, network: Partial<NetworkOptions> = {}): Host {
  const files = nodeFiles(effects);
  return {
    identity,
    files,
    commands: nodeCommands(effects),
    http: nodeHttp(effects, { environment: identity.environment, ...network }),
    clock: nodeClock,
    lock: nodeLock(effects, files),
    sqlite: nodeSqlite(effects),
  };
}
