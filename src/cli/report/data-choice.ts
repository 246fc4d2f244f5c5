import type { Plan } from '../../engine/plan.ts';
import type { DataChoice } from '../../runbook/schema-guard.ts';

/** Migrations that are named; the rest is counted. */
const SHOWN = 3;

/** Why a rollback keeps the data, or puts the data of then back. */
export function dataChoiceText(choice: DataChoice, { from, to }: Pick<Plan, 'from' | 'to'>): string {
  switch (choice.because) {
    case 'known':
      return `the data as it is: ${to} knows every migration in it`;
    case 'additive':
      return `the data as it is: the profile says that what came from ${to} to ${from} only adds to it`;
    case 'foreign': {
      const { foreign } = choice;
      const more = foreign.length > SHOWN ? ` and ${foreign.length - SHOWN} more` : '';
      return `because ${to} does not know ${foreign.slice(0, SHOWN).join(', ')}${more}`;
    }
    case 'asked':
      return 'because the data of then was asked for';
    case 'unlearned':
      return `because nothing shows that ${to} knows every migration in the data`;
  }
}
