// Three effects under the faults given as JSON: an atomic write, an append, a removal.
import { join } from 'node:path';
import { faultyEffects } from '../../../src/host/faults.ts';
import { nodeFiles } from '../../../src/host/node-files.ts';

const [, , at = '', faults = '{}'] = process.argv;
const files = nodeFiles(faultyEffects(JSON.parse(faults)));
await files.writeAtomic(join(at, 'a'), 'new', { mode: 0o600 });
await files.appendDurable(join(at, 'j'), 'line\n');
await files.remove(join(at, 'a'));
