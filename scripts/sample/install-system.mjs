import fs from 'node:fs';
import path from 'node:path';
import { chownTree, serviceAccount } from './accounts.mjs';
import { envText, filesOf, systemLayout } from './layout.mjs';
import { placeRelease, put, releaseMembers } from './place.mjs';
import { productNamed } from './product.mjs';
import { seedData, seedStack } from './seed.mjs';
import { agentUnitText, unitText } from './unit.mjs';

/**
 * The server, as one of the product's own installers leaves it, on the host whose root directory is `root`. Writes the unit
 * and starts nothing. Options and result: install-sample.d.mts.
 */
export function installSampleSystem({
  root = '/',
  releasesDir,
  version,
  as = 'dockmesh',
  layout = 'var-lib',
  ...rest
}) {
  const {
    unit = layout === 'data' ? 'install' : 'init',
    ports = { http: 8080, agent: 8443 },
    agents,
    restartSec,
  } = rest;
  const product = productNamed(as);
  const files = filesOf(systemLayout(layout, product), product);
  const at = (file) => path.join(root, file);
  const below = Object.fromEntries(Object.entries(files).map(([key, file]) => [key, at(file)]));
  const account = serviceAccount(root, rest.user ?? product.name);
  placeRelease({ releasesDir, version, product, files, at });
  const url = `http://localhost:${ports.http}`;
  const listen = { httpAddr: `:${ports.http}`, agentListen: `:${ports.agent}` };
  put(at(files.envFile), 0o600, envText(files, product, { ...listen, ...(unit === 'init' ? { baseUrl: url } : {}) }));
  const token = seedData({ files: below, product, version, agents });
  const containerFile = seedStack(files.stacks, product, at);
  fs.chmodSync(at(files.state), layout === 'data' ? 0o750 : 0o700);
  chownTree(at(files.state), account);
  const unitFile = `/etc/systemd/system/${product.name}.service`;
  // Not /var/run: the link to /run is absolute, and leads out of `root`.
  const dockerSocket = fs.existsSync(at('/run/docker.sock'));
  const text = unitText({ flavour: unit, product, files, ...account, restartSec, dockerSocket });
  put(at(unitFile), 0o644, text);
  return { ...product, ...files, version, unitFile, unit: `${product.name}.service`, url, ports, token, containerFile };
}

/** An agent host, contract §3.5: the real file below the state directory, the link in /usr/local/bin. Starts nothing. */
export function installSampleAgentSystem({ root = '/', releasesDir, version, as = 'dockmesh', arch, restartSec }) {
  const product = productNamed(as);
  const at = (file) => path.join(root, file);
  const state = `/var/lib/${product.name}`;
  const binary = `${state}/bin/${product.agent}`;
  const link = `/usr/local/bin/${product.agent}`;
  const envFile = `/etc/${product.agent}/agent.env`;
  const account = serviceAccount(root, product.agent);
  put(at(binary), 0o755, releaseMembers(releasesDir, version, product, arch).get(product.agent));
  fs.mkdirSync(path.dirname(at(link)), { recursive: true });
  fs.rmSync(at(link), { force: true });
  fs.symlinkSync(binary, at(link));
  const env = {
    DATA_DIR: state,
    ENROLL_URL: 'http://localhost:8080',
    AGENT_URL: 'wss://localhost:8443/connect',
    TOKEN: 'used',
  };
  const lines = Object.entries(env).map(([key, value]) => `${product.envPrefix}${key}=${value}\n`);
  put(at(envFile), 0o640, lines.join(''));
  for (const name of ['agent.crt', 'agent.key', 'ca.crt', 'agent.url']) put(at(`${state}/${name}`), 0o600, `${name}\n`);
  for (const name of ['staging', 'stacks']) fs.mkdirSync(at(`${state}/${name}`), { recursive: true });
  fs.chmodSync(at(state), 0o700);
  chownTree(at(state), account);
  const unitFile = `/etc/systemd/system/${product.agent}.service`;
  put(at(unitFile), 0o644, agentUnitText({ product, envFile, state, link, user: account.user, restartSec }));
  return { ...product, version, state, binary, link, envFile, unitFile, unit: `${product.agent}.service` };
}
