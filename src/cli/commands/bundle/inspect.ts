import { EXIT } from '../../../errors.ts';
import type { Command } from '../../context.ts';
import { absolute } from '../../flags.ts';
import { inspectedText } from '../../report/bundle.ts';
import { say } from '../../report/say.ts';

/** What is in a bundle, and who its signatures say made them. */
export const inspect: Command = async (context, _flags, [file = '']) => {
  const { releases } = await context.workshop();
  const inspected = await releases.inspectBundle(absolute(context, file));
  say(context, inspectedText(inspected), inspected);
  return EXIT.ok;
};
