import { setTimeout as delay } from 'node:timers/promises';
import { guardedOf } from '../../../src/runbook/guarded.ts';
import { UPGRADE } from '../../system/support/dockmesh.ts';
import { COPIES, type CrashHost, REFIT, STATE, UNITS } from './host.ts';
import { newestRun } from './run.ts';
import type { Start } from './scenarios.ts';

/** What a run changes, but for its files among others' in a directory of programs. */
const TREES = `${STATE} /var/lib/dockmesh /usr/local/share/dockmesh ${UNITS}`;
const FILES = '/usr/local/bin/dockmesh* /usr/local/bin/dmctl* /usr/local/bin/.refit-*';
const KEPT = '/srv/starts';

const QUIET = `
systemctl stop refit-guard-dockmesh.timer refit-guard-dockmesh.service
systemctl kill -s KILL refit-dockmesh.service
systemctl stop refit-dockmesh.service dockmesh.service`;

/** In sh, of the start "$1". What matched nothing is no file. */
const SAVE = `systemctl is-active --quiet dockmesh.service && up=yes
${QUIET}
rm -f ${STATE}/injection-*.json
mkdir -p ${KEPT}
tar -C / --format=posix --xattrs -cf ${KEPT}/"$1".tar $(ls -d ${TREES} ${FILES})
echo "\${up:-no}" > ${KEPT}/"$1".up`;

/** The same of "$1"; "$2" is `fresh` where no copy of refit is to lie ready. */
const LAY = `${QUIET}
[ -d ${KEPT}/copies ] || [ -z "$(ls ${COPIES})" ] || cp -al ${COPIES} ${KEPT}/copies
rm -rf ${TREES} ${FILES} ${COPIES}
tar -C / --xattrs -xpf ${KEPT}/"$1".tar
[ "$2" = fresh ] || [ ! -d ${KEPT}/copies ] || cp -al ${KEPT}/copies ${COPIES}
systemctl daemon-reload
systemctl reset-failed
[ "$(cat ${KEPT}/"$1".up)" = no ] || systemctl start dockmesh.service`;

const INSTALLED = 'installed';

/** Makes what a host is like before a trial once, and lays it back each time. */
export class Starts {
  readonly #host: CrashHost;
  readonly #made = new Set<string>();

  constructor(host: CrashHost) {
    this.#host = host;
  }

  async lay(start: Start, fresh: boolean): Promise<void> {
    if (!this.#made.has(start.name)) await this.#make(start);
    await this.#layBack(start.name, fresh);
  }

  async #make(start: Start): Promise<void> {
    const { to, typed, name } = start;
    const { dockmesh } = this.#host;
    const before = `backed up ${to}`;
    if (!this.#made.has(INSTALLED)) this.#save(INSTALLED);
    if (!this.#made.has(before)) {
      await this.#layBack(INSTALLED, false);
      for (const words of [UPGRADE(dockmesh.source).with(0, 'fetch').with(2, to), ['verify'], ['backup']])
        expectExit(0, words, await dockmesh.refit(words, REFIT));
      this.#save(before);
    }
    await this.#layBack(before, false);
    if (typed !== undefined) await this.#begin(start, typed);
    this.#save(name);
  }

  /** Up to the place at which it dies, or pauses. The guard comes at once: it may change nothing. */
  async #begin({ killedAfter }: Start, typed: string): Promise<void> {
    const { dockmesh, plant, unplant, fired } = this.#host;
    plant('guard', { spot: { pattern: '', nth: 1 }, kill: 'before' }, false);
    if (killedAfter !== undefined) plant('worker', { spot: killedAfter, kill: 'after' });
    const words = typed === 'swap' ? ['swap', '--yes'] : [typed];
    const ended = await dockmesh.refit(words, REFIT);
    dockmesh.host.exec(['sh', '-c', QUIET.split('\n').slice(0, 3).join('\n')]);
    unplant('guard');
    if (killedAfter !== undefined && !fired()) throw new Error(`not killed: ${JSON.stringify(ended)}`);
    if (killedAfter === undefined) {
      expectExit(0, words, ended);
      const state = newestRun(this.#host)?.state;
      await delay((state === undefined ? undefined : guardedOf(state))?.allowedMs ?? 0);
    }
  }

  #save(name: string): void {
    this.#host.dockmesh.host.must(['sh', '-c', SAVE, 'sh', name]);
    this.#made.add(name);
  }

  async #layBack(name: string, fresh: boolean): Promise<void> {
    const { host } = this.#host.dockmesh;
    const up = host.must([
      'sh',
      '-c',
      `exec 2>/dev/null\n${LAY}\ncat ${KEPT}/"$1".up`,
      'sh',
      name,
      fresh ? 'fresh' : '',
    ]);
    if (up.endsWith('yes')) await this.#host.dockmesh.untilAnswers();
  }
}

function expectExit(expected: number, words: readonly string[], ended: { readonly exitCode: number }): void {
  if (ended.exitCode !== expected) throw new Error(`refit ${words.join(' ')}: ${JSON.stringify(ended)}`);
}
