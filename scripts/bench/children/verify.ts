// Proves one file by one digest: `node verify.ts FILE SHA256`. Ends with 1 if it does not have it.
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeClock } from '../../../src/host/node-clock.ts';
import { nodeFiles } from '../../../src/host/node-files.ts';
import { verify } from '../../../src/release/verify.ts';

const [file = '', sha256 = ''] = process.argv.slice(2);
await verify({ files: nodeFiles(plainEffects), clock: nodeClock }, file, [{ sha256, from: '--sha256' }]);
