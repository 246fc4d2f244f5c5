export const UNIT = 'bench.service';
export const PORT = 8080;

export const UNIT_TEXT = `[Unit]
Description=A server that drains nothing

[Service]
ExecStart=/opt/bench/bin/sample serve
Environment=SAMPLE_HTTP_ADDR=:${PORT} SAMPLE_SECRETS_PATH=/opt/bench/secrets.env
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

/** What refit is told of it: an empty directory is its data, and one question its health. */
export const PROFILE = `format: 1
product: bench
title: Bench server
service:
  manager: systemd
  unit: ${UNIT}
  start_timeout: 10s
binary:
  version:
    argv: [--version]
    pattern: '^sample (?<version>v\\S+)'
release:
  asset: "sample_{os}_{arch}.tar.gz"
  checksums: checksums.txt
  members:
    - { member: sample, role: binary, executable: true }
data:
  directories:
    - { path: /var/lib/bench/data }
health:
  timeout: 5s
  soak: 100ms
  probes:
    - { name: ready, kind: http, url: "http://127.0.0.1:${PORT}/healthz/ready", body: ready, answers: true }
    - { name: stable, kind: stable }
`;
