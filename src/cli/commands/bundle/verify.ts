import { EXIT } from '../../../errors.ts';
import type { Command } from '../../context.ts';
import { absolute } from '../../flags.ts';
import { verifiedText } from '../../report/bundle.ts';
import { say } from '../../report/say.ts';
import { trustOf } from '../../signer-flags.ts';

/** Reads every byte of a bundle and proves what can be proven of it: anywhere, offline. */
export const verify: Command = async (context, flags, [file = '']) => {
  const trust = trustOf(context, flags);
  const { releases } = await context.workshop();
  const verified = await releases.verifyBundle(absolute(context, file), trust);
  say(context, verifiedText(verified), verified);
  return EXIT.ok;
};
