// Prints how it would start itself again.
import { readIdentity } from '../../../src/host/node-host.ts';

const { self, workingDirectory } = readIdentity();
process.stdout.write(JSON.stringify({ self, workingDirectory }));
