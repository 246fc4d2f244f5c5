/** Every way a release can be broken → what happens. The builder does those marked [build], the server or agent the rest. */
export const BREAKS = {
  none: 'works',
  migration: 'one migration of the release applies, the next fails on a database in use: "db migrate failed", exit 1',
  'migration-empty': 'the same on any database, an empty one too',
  boot: 'exits 1 after 20 ms with "config load failed", before it opens the database',
  crashloop: 'migrates, listens, exits 1 after 100 ms',
  silent: 'migrates, then exits 1 without a word and before it listens',
  slow: 'takes three times <PREFIX>_START_MS before it listens',
  'dies-late': 'ready, then exits 1 after 1.5 s',
  'ends-late': 'ready, then exits 0 after 1.5 s, without a word',
  hang: 'accepts connections and never answers',
  errors: 'answers 500 to every request',
  burst: 'answers 429 to every request for its first 1.5 s',
  'late-ready': '/healthz/ready answers 503 for its first 1.5 s; everything else is well',
  throttled: 'answers 429 to every request',
  health: '/healthz/ready stays 503 "db unreachable: broken"',
  page: '/healthz/ready answers 200 with the page of the app',
  version: 'the API reports v0.0.0-wrong; --version is right',
  agentport: 'the mTLS listener does not start; HTTP is fine',
  redflag: 'logs "bootstrap admin created" at every boot',
  assets: 'serves other bytes than the staged agent binary',
  wiped: 'opens an empty database in a folder of its own',
  nostop: 'ignores SIGTERM: the one that is broken when it is stopped',
  'agent-late': 'its agents are offline for the first 1.5 s',
  'agent-lost': 'its agents stay offline',
  alert: 'an alert fires from its boot on',
  busy: '/api/v1/alerts/rules answers 429',
  checksum: '[build] tarballs altered after checksums.txt was written',
  noexec: '[build] the server is an ELF file of the other architecture',
  unloadable: '[build] the server is an ELF file of this architecture that no kernel loads',
  'agent-boot': 'the agent exits 1 at once',
  'agent-dies-late': 'the agent exits 1 after 1.5 s',
};

const ELF_MACHINE = { amd64: 0x3e, arm64: 0xb7 };

/** What file(1) calls an executable of that architecture, and no kernel can run. */
export function elfFor(arch) {
  const elf = Buffer.alloc(4096);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(ELF_MACHINE[arch], 18);
  elf.writeUInt32LE(1, 20);
  elf.writeUInt16LE(64, 52);
  return elf;
}

/** One bit, in the middle of the compressed data. */
export function altered(bytes) {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] ^= 1;
  return copy;
}
