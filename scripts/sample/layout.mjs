import path from 'node:path';

/** Where everything of an installation lies, below a prefix that needs no root. */
export function prefixLayout(prefix, { name }) {
  const state = path.join(prefix, 'lib', name);
  return {
    binDir: path.join(prefix, 'bin'),
    assetDir: path.join(prefix, 'share', name),
    state,
    envFile: path.join(prefix, 'etc', `${name}.env`),
  };
}

/** As the product's own installers do it: `var-lib` is what `init` makes, `data` what install.sh makes (contract §3.2). */
export function systemLayout(kind, { name }) {
  const state = kind === 'data' ? '/data' : `/var/lib/${name}`;
  return {
    binDir: '/usr/local/bin',
    assetDir: `/usr/local/share/${name}`,
    state,
    envFile: path.join(state, `${name}.env`),
  };
}

/** The paths that follow from a layout. */
export function filesOf(layout, { name }) {
  const data = path.join(layout.state, 'data');
  return {
    ...layout,
    data,
    binary: path.join(layout.binDir, name),
    binaryDir: path.join(layout.assetDir, 'bin'),
    installScript: path.join(layout.assetDir, 'install-agent.sh'),
    database: path.join(data, `${name}.db`),
    secrets: path.join(data, 'secrets.env'),
    secretsKey: path.join(data, 'secrets.age-key'),
    genesis: path.join(data, 'audit-genesis.sha256'),
    stacks: path.join(layout.state, 'stacks'),
  };
}

/** The env file's text. `init` writes a key nothing reads (contract §0.5); install.sh writes no BASE_URL. */
export function envText(files, { envPrefix }, { httpAddr, agentListen, baseUrl }) {
  const values = {
    HTTP_ADDR: httpAddr,
    AGENT_LISTEN: agentListen,
    ...(baseUrl === undefined ? {} : { LISTEN: httpAddr, BASE_URL: baseUrl, AGENT_SANS: 'localhost' }),
    DB_PATH: files.database,
    STACKS_ROOT: files.stacks,
    SECRETS_PATH: files.secrets,
    SECRETS_KEY_PATH: files.secretsKey,
    AUDIT_GENESIS_PATH: files.genesis,
    INSTALL_SCRIPT: files.installScript,
    BINARY_DIR: files.binaryDir,
  };
  const lines = Object.entries(values).map(([key, value]) => `${envPrefix}${key}=${value}\n`);
  return `# Written by the installer.\n${lines.join('')}`;
}
