import fs from 'node:fs';
import path from 'node:path';
import { assetName, hostArch } from './product.mjs';
import { membersOf } from './tarball.mjs';

export function put(file, mode, bytes) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes, { mode });
  // Whatever the umask.
  fs.chmodSync(file, mode);
}

export function releaseMembers(releasesDir, version, product, arch = hostArch) {
  return membersOf(fs.readFileSync(path.join(releasesDir, version, assetName(product, arch))));
}

/** Binaries and agent assets, the agents of every architecture the release was built for. `at` maps a path to where it is written. */
export function placeRelease({ releasesDir, version, product, files, at = (file) => file }) {
  const members = releaseMembers(releasesDir, version, product);
  put(at(files.binary), 0o755, members.get(product.name));
  put(at(path.join(files.binDir, product.ctl)), 0o755, members.get(product.ctl));
  put(at(files.installScript), 0o755, members.get('install-agent.sh'));
  for (const arch of ['amd64', 'arm64']) {
    if (!fs.existsSync(path.join(releasesDir, version, assetName(product, arch)))) continue;
    const agent = releaseMembers(releasesDir, version, product, arch).get(product.agent);
    put(at(path.join(files.binaryDir, `${product.agent}-linux-${arch}`)), 0o755, agent);
  }
}
