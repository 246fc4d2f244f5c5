import fs from 'node:fs';

const EVERY_MS = 20;

export interface PeakMemory extends Disposable {
  /** Bytes; throws if no such process was ever seen. */
  peak(): number;
}

/** Watches the worker of refit whose request lies below `prefix`, from now on: the most it ever held at once. */
export function peakMemoryOf(prefix: string): PeakMemory {
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (isWorker(read(`/proc/${pid}/cmdline`), prefix)) peak = Math.max(peak, highWater(read(`/proc/${pid}/status`)));
    }
  }, EVERY_MS);
  return {
    peak() {
      if (peak === 0) throw new Error(`Cannot measure memory: saw no worker of ${prefix}`);
      return peak;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function isWorker(cmdline: string, prefix: string): boolean {
  const [request = '', verb] = cmdline.split('\0').filter(Boolean).toReversed();
  return verb === 'worker' && request.startsWith(prefix);
}

/** VmHWM only grows, so the last look tells all. Source: proc_pid_status(5). */
function highWater(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** A process may end between two looks. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
