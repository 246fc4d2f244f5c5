// Runs in a throw-away host: one job in refit's sandbox, which is told on the command line; prints its result.
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../../src/host/node-host.ts';
import type { SandboxJob } from '../../../src/service/sandbox.ts';
import { systemdSandbox } from '../../../src/service/systemd-sandbox.ts';

const [job = ''] = process.argv.slice(2);
const sandbox = systemdSandbox(nodeHost(plainEffects, readIdentity()));
process.stdout.write(JSON.stringify(await sandbox.run('TEST', JSON.parse(job) as SandboxJob)));
