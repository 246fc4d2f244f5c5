import { sealed } from '../../src/document/canonical.ts';
import type { PlanDocument } from '../../src/document/plan.ts';

const SHA = 'a'.repeat(64);

/** A document that is whole: short, and of no host. */
export function planDocument(over: Partial<PlanDocument> = {}): PlanDocument {
  const step = { stage: 'swap', kind: 'stop', title: 'Stop it', down: true, ahead: false, bytes: null };
  const document: Omit<PlanDocument, 'digest'> = {
    format: 1,
    refit: '0.1.0',
    host: { id: SHA, name: 'web1' },
    purpose: 'upgrade',
    installation: 'sample',
    product: 'sample',
    from: 'v0.2.9',
    to: 'v0.2.13',
    asked: 'v0.2.x',
    skips: [],
    tooNew: [],
    source: '/releases',
    trust: { checksums: true },
    proven: null,
    downloadBytes: 4,
    dataBytes: 2,
    startTimeoutMs: 10_000,
    health: [{ name: 'docker', compared: true }],
    spotChecks: [],
    envDiff: '',
    crossed: null,
    notes: null,
    loses: null,
    losesSince: null,
    dataChoice: null,
    components: [{ name: 'sample', path: '/bin/sample', from: 'v0.2.9', to: 'v0.2.13' }],
    stages: [{ stage: 'swap', steps: [{ kind: 'stop', title: 'Stop it', down: true }] }],
    hops: [{ from: 'v0.2.9', to: 'v0.2.13', steps: [step] }],
    notBefore: null,
    notAfter: null,
    estimate: null,
    waivers: [],
    waivedInVain: [],
    findings: [],
    pastReturn: [{ version: 'v0.2.13', after: 'Stop it', back: 'refit rollback' }],
    archives: [
      {
        version: 'v0.2.13',
        name: 'sample.tar.gz',
        arch: 'amd64',
        url: 'file:///releases/sample.tar.gz',
        size: 4,
        sha256: SHA,
      },
    ],
    wish: {
      to: 'v0.2.13',
      allowPrerelease: false,
      waived: [],
      applyEnvEdits: false,
      restoreData: false,
      rehearse: true,
      spotChecks: [],
    },
    facts: [
      { what: 'the installed version', is: 'v0.2.9' },
      { what: 'the env file /etc/sample.env', is: SHA },
    ],
    ...over,
  };
  return sealed(document);
}

export function bytesOf(document: unknown): Buffer {
  return Buffer.from(JSON.stringify(document));
}
