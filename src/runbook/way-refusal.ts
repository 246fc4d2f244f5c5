import { RefitError } from '../errors.ts';
import { listed } from '../version/catalogue.ts';
import { advisoriesOf, refusal } from '../version/path/advisory.ts';
import { edgeBetween, type Rules } from '../version/path/edge.ts';
import type { Path } from '../version/path/solve.ts';
import { compare, same, type Version } from '../version/version.ts';
import type { ReleaseNotes } from './releases.ts';

const MAX_LINES = 20;

export interface Refused {
  readonly title: string;
  readonly rules: Rules;
  readonly path: Path;
  readonly from: Version;
  readonly to: Version;
  readonly notes: readonly ReleaseNotes[] | undefined;
  /** Releases between the two that are not gone over, as they failed here before. */
  readonly failed: readonly Version[];
}

/** No way, by the rules: the first impossible step, why, and what to type to get as near as can be. */
export function wayRefused({ title, rules, path, from, to, notes = [], failed }: Refused): RefitError {
  const { kind, reason, nearest = from } = path;
  const asks = kind === 'major' ? notes.flatMap(({ tag, actions }) => actions.map((line) => `  ${tag}: ${line}`)) : [];
  const told = asks.length === 0 ? [] : ['its release notes ask for:', ...asks.slice(0, MAX_LINES)];
  const lacks = failed.map(({ tag }) => `; ${tag} is passed by: it failed here before`).join('');
  const reached = same(nearest, from) ? beyond(rules, from, to) : nearest;
  const hints = [
    ...failed.slice(0, 1).map(({ tag }) => `refit unskip ${tag} lets it be gone over again`),
    ...consentTo(rules, path, { nearest, to }),
    ...(reached === undefined ? [] : [`refit upgrade --to ${reached.tag} is as near as the rules let it`]),
  ];
  return new RefitError(
    'E_UPGRADE_PATH',
    [`Cannot upgrade ${title} from ${from.tag} to ${to.tag}: ${reason}${lacks}`, ...told].join('\n'),
    {
      hint:
        hints.length === 0 ? `refit path --help; upgrades in the profile has the rules of ${title}` : hints.join('; '),
      facts: { kind, from: from.tag, to: to.tag, ...(reached === undefined ? {} : { nearest: reached.tag }) },
    },
  );
}

/** What a person may type who knows better. */
function consentTo(
  rules: Rules,
  { kind }: Path,
  { nearest, to }: { readonly nearest: Version; readonly to: Version },
): readonly string[] {
  if (kind === 'major' && rules.policy.name === 'semver-drop-in') return ['--allow-major consents to it'];
  if (kind === 'to-prerelease') return ['--allow-prerelease consents to it'];
  const [at, target] = [listed(nearest), listed(to)];
  return advisoriesOf(rules.advisories ?? [], at, target, rules.facts ?? new Set())
    .filter((each) => each.severity === 'inhibit' && refusal([each], target) !== undefined)
    .map(({ code }) => `--waive ${code} where it does not concern this host`);
}

/** Where nothing on the way can be reached: the first of its major beyond the target that can, on the same side of what is installed. */
export function beyond(rules: Rules, from: Version, to: Version): Version | undefined {
  const isBack = compare(to, from) < 0;
  const { major } = listed(to);
  return rules.catalogue.stable
    .filter((each) => each.major === major)
    .map(({ version }) => version)
    .find(
      (version) =>
        compare(version, to) > 0 &&
        compare(version, from) < 0 === isBack &&
        edgeBetween(rules, listed(from), listed(version)).allowed,
    );
}
