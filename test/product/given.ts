import { builtinProfiles } from '../../src/product/builtin.ts';
import type { DetectInput, UnitInput } from '../../src/product/installation.ts';
import { loadProfile } from '../../src/product/load.ts';
import type { Profile } from '../../src/product/schema.ts';

/** A built-in profile, with an override of some keys. */
export async function builtin(product: string, override?: string): Promise<Profile> {
  const file = `${product}.yaml`;
  const text = (await builtinProfiles()).get(file) ?? '';
  return loadProfile({ file, text }, override === undefined ? undefined : { file: 'override.yaml', text: override });
}

/** The unit `dockmesh init` writes (contract §3.3), and what was read of it. */
const initUnit: UnitInput = {
  name: 'dockmesh.service',
  execPath: '/usr/local/bin/dockmesh',
  arguments: ['serve'],
  user: 'dockmesh',
  group: 'docker',
  environment: {},
  environmentFiles: [{ path: '/var/lib/dockmesh/dockmesh.env', optional: false }],
  workingDirectory: '',
};

/** The env file of `dockmesh init` or install.sh, for a data root (contract §3.2). */
export function envText(root: string): string {
  return `DOCKMESH_HTTP_ADDR=0.0.0.0:9080
DOCKMESH_DB_PATH=${root}/data/dockmesh.db
DOCKMESH_STACKS_ROOT=${root}/stacks
DOCKMESH_SECRETS_PATH=${root}/data/secrets.env
DOCKMESH_SECRETS_KEY_PATH=${root}/data/secrets.age-key
DOCKMESH_AUDIT_GENESIS_PATH=${root}/data/audit-genesis.sha256
DOCKMESH_INSTALL_SCRIPT=/usr/local/share/dockmesh/install-agent.sh
DOCKMESH_BINARY_DIR=/usr/local/share/dockmesh/bin
`;
}

/** `initUnit` on linux/amd64, its env file as given. */
export function initInput(text = envText('/var/lib/dockmesh'), unit: Partial<UnitInput> = {}): DetectInput {
  return {
    unit: { ...initUnit, ...unit },
    os: 'linux',
    arch: 'amd64',
    texts: new Map([['/var/lib/dockmesh/dockmesh.env', text]]),
    links: new Map(),
  };
}
