// `npm run demo`: a server is upgraded before your eyes, in a directory that is gone afterwards.
import { demo } from './demo/main.ts';

process.exitCode = await demo(process.argv.slice(2));
