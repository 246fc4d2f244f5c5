// `npm run bench -- NAME [--json]`: measures, and prints what it measured.
import { bench } from './bench/main.ts';

process.exitCode = await bench(process.argv.slice(2));
