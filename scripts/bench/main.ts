import type { Report } from './measure.ts';
import { type BenchName, type BenchOptions, benchOptions, HELP } from './options.ts';
import { reportText } from './report.ts';

/** Loaded when asked for: one that cannot run here does not stop the others. */
const LOAD: Readonly<Record<BenchName, () => Promise<(options: BenchOptions) => Promise<Report>>>> = {
  startup: async () => (await import('./startup.ts')).startup,
  verify: async () => (await import('./verify.ts')).verify,
  fetch: async () => (await import('./fetch.ts')).fetchBench,
  bundle: async () => (await import('./bundle.ts')).bundleBench,
  backup: async () => (await import('./backup.ts')).backupBench,
  window: async () => (await import('./window.ts')).windowBench,
};

/** Runs what was asked for; resolves with the exit status: 2 for usage, 1 if something could not be measured. */
export async function bench(argv: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = benchOptions(argv);
  } catch (error) {
    process.stderr.write(`refit bench: ${wordsOf(error)}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  let failed = false;
  for (const name of options.names) {
    try {
      process.stderr.write(`refit bench: measuring ${name}\n`);
      const report = await (await LOAD[name]())(options);
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${reportText(report)}\n`);
    } catch (error) {
      failed = true;
      process.stderr.write(`refit bench: Cannot measure ${name}: ${wordsOf(error)}\n`);
    }
  }
  return failed ? 1 : 0;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
