import { EXIT } from '../../../errors.ts';
import { listCache } from '../../../runbook/cache/list.ts';
import { bytes } from '../../../runbook/words.ts';
import type { Command } from '../../context.ts';
import { asRoot } from '../../open-run.ts';
import { cachedJson, heldByText, originText } from '../../report/cached.ts';
import { say } from '../../report/say.ts';
import { table } from '../../report/table.ts';

const HEADS = ['SHA-256', 'SIZE', 'LAST USED (UTC)', 'HELD BY', 'FROM'];
/** Enough to tell them apart; the whole digest is in the JSON. */
const SHOWN = 12;

/** The archives that this host keeps, the one used last first. */
export const list: Command = async (context) => {
  const workshop = await context.workshop();
  const cached = await asRoot(workshop, () => listCache(workshop));
  const rows = cached.map((one) => [
    one.sha256.slice(0, SHOWN),
    bytes(one.bytes),
    new Date(one.usedAtMs).toISOString().slice(0, 16).replace('T', ' '),
    heldByText(one),
    originText(one),
  ]);
  say(context, rows.length === 0 ? 'the cache is empty\n' : table(HEADS, rows), { cached: cached.map(cachedJson) });
  return EXIT.ok;
};
