import { dress, type LayoutHost } from './dress.ts';
import type { Layout } from './layout.ts';
import { look } from './look.ts';
import { obstacles } from './obstacles.ts';
import { restore } from './restore.ts';
import { rewrite } from './rewrite.ts';
import { stageDirectory, sweep } from './staging.ts';
import { copyLive, recorded, verify } from './store.ts';
import { swap } from './swap.ts';

/** One path per file, replaced by rename: what single-binary servers with a unit file do. */
export function inPlace(host: LayoutHost): Layout {
  const { files } = host;
  return {
    stageDirectory: (target, run) => stageDirectory(files, target, run),
    dress: (staged, target, owner) => dress(host, staged, target, owner),
    look: (target) => look(files, target),
    obstacles: (targets) => obstacles(host, targets),
    copyLive: (targets, store) => copyLive(host, targets, store),
    recorded: (store) => recorded(files, store),
    verify: (store) => verify(files, store),
    swap: (targets) => swap(host, targets),
    restore: (store, run) => restore(host, store, run),
    rewrite: (file, run) => rewrite(host, file, run),
    sweep: (targets, run) => sweep(files, targets, run),
  };
}
