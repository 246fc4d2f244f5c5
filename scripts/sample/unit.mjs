/** The hardening of the unit `init` writes. Its PATH to the Docker socket is added only where there is one, or nothing starts. */
const HARDENED = (state, socket) => `NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectControlGroups=true
ReadWritePaths=${state}${socket ? ' /var/run/docker.sock' : ''}
RestrictNamespaces=true
LockPersonality=true
`;

/**
 * A unit as one of the imitated product's three installers writes it (contract §3.3): `init`, `install` (install.sh: no
 * hardening) or `checkout` (the sample unit of the repository: no env file on its own line, `serve` left out).
 */
export function unitText({ flavour, product: { name }, files, user, group, restartSec, dockerSocket }) {
  const identity = user === undefined ? '' : `User=${user}\nGroup=${group}\n`;
  const own = {
    init: `LimitNOFILE=65536\nStateDirectory=${name}\n${HARDENED(files.state, dockerSocket)}`,
    install: '',
    checkout: `WorkingDirectory=${files.state}\n`,
  }[flavour];
  if (own === undefined) throw new Error(`Unknown unit ${flavour}: expected init, install or checkout`);
  return `[Unit]
Description=${name} server
After=docker.service network-online.target
Wants=docker.service network-online.target

[Service]
Type=simple
${identity}EnvironmentFile=${files.envFile}
ExecStart=${files.binary}${flavour === 'checkout' ? '' : ' serve'}
Restart=${flavour === 'checkout' ? 'always' : 'on-failure'}
RestartSec=${restartSec ?? '5s'}
${own}
[Install]
WantedBy=multi-user.target
`;
}

/** The agent's unit, contract §3.5. */
export function agentUnitText({ product: { agent }, envFile, state, link, user, restartSec }) {
  return `[Unit]
Description=${agent}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=simple
${user === undefined ? '' : `User=${user}\n`}EnvironmentFile=${envFile}
ExecStart=${link}
Restart=always
RestartSec=${restartSec ?? '10s'}
NoNewPrivileges=true
ProtectSystem=strict
ReadWritePaths=${state}

[Install]
WantedBy=multi-user.target
`;
}
