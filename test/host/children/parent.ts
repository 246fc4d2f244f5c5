// Starts `sleep` as a child of ours, says where it is, and waits for it: to be killed meanwhile.
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeCommands } from '../../../src/host/node-commands.ts';

const [, , pidFile = '', ...ids] = process.argv;
const [uid, gid] = ids.map(Number);
const commands = nodeCommands(plainEffects);
const script = 'echo $$ > "$0.new" && mv "$0.new" "$0" && exec sleep 1000';
await commands.run(['sh', '-c', script, pidFile], {
  timeoutMs: 60_000,
  ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
});
