#!/usr/bin/env node
// Installs a release of the sample server below a prefix, without root: `node scripts/install-sample.mjs --help`.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { envText, filesOf, prefixLayout } from './sample/layout.mjs';
import { placeRelease, put } from './sample/place.mjs';
import { productNamed } from './sample/product.mjs';
import { freePorts, startProgram, untilReady } from './sample/run.mjs';
import { seedData, seedStack } from './sample/seed.mjs';

export { installSampleAgentSystem, installSampleSystem } from './sample/install-system.mjs';
export { ask, freePorts, startProgram, untilReady } from './sample/run.mjs';

/** A server that has been in use for a while, stopped. Options and result: install-sample.d.mts. */
export async function installSample({ prefix, releasesDir, version, as = 'sample', ports, agents }) {
  const product = productNamed(as);
  const files = filesOf(prefixLayout(path.resolve(prefix), product), product);
  const [http, agent] = ports ? [ports.http, ports.agent] : await freePorts(2);
  placeRelease({ releasesDir, version, product, files });
  const url = `http://127.0.0.1:${http}`;
  const listen = { httpAddr: `127.0.0.1:${http}`, agentListen: `127.0.0.1:${agent}`, baseUrl: url };
  put(files.envFile, 0o600, envText(files, product, listen));
  const token = seedData({ files, product, version, agents });
  const containerFile = seedStack(files.stacks, product);
  fs.chmodSync(files.state, 0o700);
  // Where the embedded manager keeps its lock, its process id and the server's log.
  fs.mkdirSync(path.join(path.resolve(prefix), 'run'), { recursive: true });
  return {
    ...product,
    ...files,
    prefix: path.resolve(prefix),
    version,
    url,
    ports: { http, agent },
    token,
    containerFile,
  };
}

/** Starts an installed sample and waits until it is ready; `ready: false` only starts it. */
export async function startSample(installed, { env, ready = true } = {}) {
  const running = startProgram([installed.binary, 'serve', '--env-file', installed.envFile], { env });
  if (ready) await untilReady(installed.url, running);
  return running;
}

const HELP = `usage: node scripts/install-sample.mjs --prefix DIR --releases DIR --version vX.Y.Z [--as sample|dockmesh]

Prints what was installed as JSON, the API token among it. Start it with: <prefix>/bin/<name> serve --env-file <prefix>/etc/<name>.env
`;

async function main() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { prefix: text, releases: text, version: text, as: text, help: { type: 'boolean' } },
  });
  const { prefix, releases, version, as } = values;
  if (values.help || !prefix || !releases || !version) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const installed = await installSample({ prefix, releasesDir: releases, version, ...(as ? { as } : {}) });
  process.stdout.write(`${JSON.stringify(installed, null, 2)}\n`);
}

if (import.meta.main) await main();
