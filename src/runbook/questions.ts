import type { HttpQuestion, Question } from '../health/health.ts';
import type { Probe } from '../product/schema.ts';
import { expand, isExpandable, type Scope } from '../product/template.ts';
import type { Facts } from './facts.ts';

/** What a finished unpacking knows of the release it installed. */
export interface Expected {
  readonly version: string;
  readonly commit: string | undefined;
  /** Digests by target path. */
  readonly digests: ReadonlyMap<string, string>;
}

/** The part of the facts that questions are made of. */
export type Asked = Pick<Facts, 'profile' | 'files'> & { readonly installation: Pick<Facts['installation'], 'scope'> };

/** The names templates of the profile may use, for this installation and this expected release. */
export function scopeOf({ installation }: Asked, expected?: Partial<Expected>): Scope {
  return {
    ...installation.scope,
    ...(expected?.version === undefined ? {} : { version: expected.version }),
    ...(expected?.commit === undefined ? {} : { commit: expected.commit }),
  };
}

/** The question whose first good answer ends the window; undefined where a stable unit is all that can be asked for. */
export function answersQuestion(facts: Asked, version: string): Question | undefined {
  const probe = facts.profile.health.probes.find((each) => each.kind === 'http' && each.answers);
  return probe === undefined
    ? undefined
    : questionsOf(facts, probe, { version, commit: undefined, digests: new Map() })[0];
}

/** The question that shows whether something is there at all: its status is judged, and nothing of what it says. */
export function aliveQuestion(facts: Asked): HttpQuestion | undefined {
  const probe = facts.profile.health.probes.find((each) => each.kind === 'http' && each.alive);
  if (probe?.kind !== 'http') return undefined;
  const { name, url, status } = probe;
  return { kind: 'http', name, url: expand(url, scopeOf(facts)), status };
}

/** Every question of the profile, filled in. Those that need a token are left out without one. */
export function allQuestions(facts: Facts, expected: Expected, token: boolean): readonly Question[] {
  return facts.profile.health.probes
    .filter((probe) => probe.kind !== 'http' || !probe.token || token)
    .flatMap((probe) => questionsOf(facts, probe, expected));
}

/** Whether the profile asks for one stable process all through the soak. */
export function asksStable({ profile }: Facts): boolean {
  return profile.health.probes.some(({ kind }) => kind === 'stable');
}

function questionsOf(facts: Asked, probe: Probe, expected: Expected): readonly Question[] {
  const scope = scopeOf(facts, expected);
  const { name } = probe;
  switch (probe.kind) {
    case 'http': {
      const { url, status, body, contains, uptime, token } = probe;
      const json = probe.json === undefined ? undefined : expectedJson(probe.json, scope);
      return [{ kind: 'http', name, url: expand(url, scope), status, body, contains, uptime, token, json }];
    }
    case 'tls':
    case 'tcp': {
      const { hostname, port } = new URL(`tcp://${expand(probe.address, scope)}`);
      return [{ kind: probe.kind, name, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }];
    }
    case 'served':
      return facts.files.flatMap(({ servedAs, target }) => {
        const sha256 = expected.digests.get(target);
        if (servedAs === undefined || sha256 === undefined) return [];
        const url = `${expand(probe.base, scope)}${servedAs}`;
        return [{ kind: 'served' as const, name: `${name} ${servedAs}`, url, sha256, maxBytes: probe.max_bytes }];
      });
    case 'stable':
      return [];
  }
}

type JsonProbe = NonNullable<Extract<Probe, { kind: 'http' }>['json']>;

/** A value whose name is unknown (`{commit}`) is not asked for. */
function expectedJson(json: JsonProbe, scope: Scope): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(json).flatMap(([path, value]): readonly (readonly [string, string | number | boolean])[] => {
      if (typeof value !== 'string') return [[path, value]];
      return isExpandable(value, scope) ? [[path, expand(value, scope)]] : [];
    }),
  );
}
