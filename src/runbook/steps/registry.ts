import type { Step } from '../../engine/step.ts';
import type { World } from '../world.ts';
import { archive } from './archive.ts';
import { armWindow } from './arm-window.ts';
import { awaitWindow } from './await-window.ts';
import { baseline } from './baseline.ts';
import { changeUser } from './change-user.ts';
import { copyData } from './copy-data.ts';
import { copyLive } from './copy-live.ts';
import { download } from './download.ts';
import { editEnv } from './edit-env.ts';
import { holdAgents } from './hold-agents.ts';
import { hook } from './hook.ts';
import { hotCopy } from './hot-copy.ts';
import { learnSchema } from './learn-schema.ts';
import { prove } from './prove.ts';
import { proveCopy } from './prove-copy.ts';
import { proveGeneration } from './prove-generation.ts';
import { proveSchema } from './prove-schema.ts';
import { rehearse } from './rehearse.ts';
import { restoreData, stageData } from './restore-data.ts';
import { restoreFiles } from './restore-files.ts';
import { restoreOwners } from './restore-owners.ts';
import { snapshot } from './snapshot.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { swapFiles } from './swap-files.ts';
import { unpack } from './unpack.ts';
import { unpackArchive } from './unpack-archive.ts';
import { verifyHealth } from './verify-health.ts';

/** Every kind of step, by its stable name in the journal. */
export const STEPS: ReadonlyMap<string, Step<World>> = new Map<string, Step<World>>([
  ['download', download as Step<World>],
  ['prove', prove as Step<World>],
  ['unpack', unpack as Step<World>],
  ['learn-schema', learnSchema as Step<World>],
  ['baseline', baseline as Step<World>],
  ['copy-live', copyLive as Step<World>],
  ['snapshot', snapshot as Step<World>],
  ['rehearse', rehearse as Step<World>],
  ['hold-agents', holdAgents as Step<World>],
  ['hook', hook as Step<World>],
  ['hot-copy', hotCopy as Step<World>],
  ['await-window', awaitWindow as Step<World>],
  ['arm-window', armWindow as Step<World>],
  ['stop', stop as Step<World>],
  ['copy-data', copyData as Step<World>],
  ['edit-env', editEnv as Step<World>],
  ['change-user', changeUser as Step<World>],
  ['swap-files', swapFiles as Step<World>],
  ['prove-generation', proveGeneration as Step<World>],
  ['restore-files', restoreFiles as Step<World>],
  ['restore-owners', restoreOwners as Step<World>],
  ['stage-data', stageData as Step<World>],
  ['restore-data', restoreData as Step<World>],
  ['start', start as Step<World>],
  ['prove-copy', proveCopy as Step<World>],
  ['prove-schema', proveSchema as Step<World>],
  ['verify-health', verifyHealth as Step<World>],
  ['archive', archive as Step<World>],
  ['unpack-archive', unpackArchive as Step<World>],
]);
