import { EXIT, type ExitName } from '../../errors.ts';

/** What each exit status says of the machine. Frozen: scripts rely on it. */
const MEANING: Readonly<Record<ExitName, readonly [name: string, machine: string]>> = {
  ok: ['ok', 'as asked, or already was'],
  bug: ['bug', 'unknown; the journal is the truth: refit status'],
  usage: ['usage', 'untouched: the command line was wrong'],
  config: ['config', 'untouched: a version, a profile or a configuration is wrong'],
  refused: ['refused', 'untouched: a check, or the person, said no'],
  source: ['source', 'untouched: the release could not be had'],
  untrusted: ['untrusted', 'untouched: the release did not prove itself'],
  restored: ['restored', 'the old version, running: a step failed and all was undone'],
  mixed: ['mixed', 'between two versions: needs a person, then refit rollback'],
  paused: ['paused', 'between steps, the service up unless said: refit resume'],
  locked: ['locked', 'untouched: another run holds the lock'],
  journal: ['journal', 'untouched: the journal is unreadable or newer'],
  fleet: ['fleet', 'some hosts done, some not: listed'],
  available: ['available', 'untouched: plan --exit-code, an upgrade is available'],
};

export function exitCodesPage(): string {
  const rows = (Object.keys(EXIT) as ExitName[])
    .map((key) => [EXIT[key], ...MEANING[key]] as const)
    .map(([code, name, machine]) => `${String(code).padStart(4)}  ${name.padEnd(10)} ${machine}`);
  return `exit  name       the machine is\n${rows.join('\n')}\n`;
}
