import type { RefitError } from '../../errors.ts';
import { Fields } from './fields.ts';
import { parseStrictJson } from './strict-json.ts';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENTS = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'];

/** An in-toto statement: what is said, and of which files. */
export interface Statement {
  readonly predicateType: string;
  /** Lower case hexadecimal SHA-256 of each subject that has one. */
  readonly digests: readonly string[];
}

/** Reads the payload of an envelope whose signature holds. `predicate` is the publisher's own and is not looked at. */
export function parseStatement(
  { payload, payloadType }: { readonly payload: Buffer; readonly payloadType: string },
  refuse: (seen: string, expected: string) => RefitError,
): Statement {
  if (payloadType !== PAYLOAD_TYPE)
    throw refuse(`a payload of the type ${JSON.stringify(payloadType.slice(0, 80))}`, PAYLOAD_TYPE);
  const statement = new Fields(parseStrictJson(payload, { numbers: 'any', refuse }), 'statement', refuse);
  const type = statement.text('_type');
  if (!STATEMENTS.includes(type))
    throw refuse(`a statement of the type ${JSON.stringify(type.slice(0, 80))}`, 'an in-toto statement');
  const digests = statement.objects('subject').flatMap((subject) => {
    const digest = subject.object('digest');
    return digest.has('sha256') ? [digest.text('sha256').toLowerCase()] : [];
  });
  return { predicateType: statement.text('predicateType'), digests };
}
