import { CATALOG, EXIT, RefitError } from '../../errors.ts';
import { manualOfProfiles } from '../../runbook/manual.ts';
import type { Command } from '../context.ts';
import { backupPage } from '../manual/backup.ts';
import { errorsPage } from '../manual/errors.ts';
import { exitCodesPage } from '../manual/exit-codes.ts';
import { say } from '../report/say.ts';

/** The manual, a page at a time. */
export const docs: Command = async (context, _flags, [page, name]) => {
  if (page === 'schema') {
    // Loaded for it alone, with all that it takes to make one.
    const { schemaNamed } = await import('../manual/schema.ts');
    const schema = schemaNamed(name);
    say(context, `${JSON.stringify(schema, null, 2)}\n`, schema);
    return EXIT.ok;
  }
  const text = await pageNamed(page);
  say(context, text, { page, text });
  return EXIT.ok;
};

async function pageNamed(page: string | undefined): Promise<string> {
  switch (page) {
    case 'backup':
      return backupPage();
    case 'errors':
      return errorsPage(CATALOG);
    case 'exit-codes':
      return exitCodesPage();
    case 'profile':
      return manualOfProfiles();
    default:
      throw new RefitError(
        'E_USAGE',
        `Cannot find the page "${page}": expected backup, errors, profile, exit-codes or schema`,
        {
          hint: 'refit docs exit-codes',
        },
      );
  }
}
