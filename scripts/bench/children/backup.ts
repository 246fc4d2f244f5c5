// What an upgrade does with the data, by the rooms it uses: the hot copy, what follows it once the service is down, the archive.
import { gnuArchives } from '../../../src/data/gnu-archives.ts';
import { gnuData } from '../../../src/data/gnu-data.ts';
import { plainEffects } from '../../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../../src/host/node-host.ts';
import { keepYoungHeapSmall } from '../../../src/host/young-heap.ts';

// As a worker does.
keepYoungHeapSmall();
const [data = '', root = ''] = process.argv.slice(2);
const host = nodeHost(plainEffects, readIdentity());
const rooms = gnuData(host);
const generation = { id: 'bench', root };
const hot = await rooms.copyHot([{ kind: 'directory', path: data }], generation);
await hot.finish();
await gnuArchives(host).make(generation, { path: `${root}.tar.zst`, compression: 'zstd' });
// Source: getrusage(2), ru_maxrss: of this process, in KiB.
process.stdout.write(`${process.resourceUsage().maxRSS}\n`);
