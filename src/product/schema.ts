import * as v from 'valibot';
import { data, migrate } from './schema/data.ts';
import { agents, job } from './schema/fleet.ts';
import { health } from './schema/health.ts';
import { hook } from './schema/hooks.ts';
import { releases } from './schema/release.ts';
import { binary, env, service } from './schema/service.ts';
import { upgrades } from './schema/upgrades.ts';
import { strict, text, word } from './schema/values.ts';

/** The newest format of profiles this program reads. */
export const PROFILE_FORMAT = 1;

/**
 * A product, as data: everything the runbook must know about one that it does not know about all. Keys are those of the file,
 * so that a message, the manual and the code name one thing alike. Durations are milliseconds and sizes bytes once read;
 * templates and patterns stay text and are checked when the profile is read.
 * Manual: profile-manual.yaml, printed by `refit docs profile`.
 */
export const profileSchema = strict({
  format: v.literal(PROFILE_FORMAT, `${PROFILE_FORMAT}`),
  product: word,
  title: text,
  service,
  binary,
  env: v.optional(env, {}),
  release: releases,
  upgrades: v.optional(upgrades, {}),
  data: v.optional(data, {}),
  migrate: v.optional(migrate),
  health,
  agents: v.optional(agents),
  jobs: v.optional(v.array(job), []),
  hooks: v.optional(v.array(hook), []),
});

export type Profile = v.InferOutput<typeof profileSchema>;
export type Probe = Profile['health']['probes'][number];
export type BaselineRow = Profile['health']['baseline'][number];
export type Hook = Profile['hooks'][number];
export type Crossing = Profile['env']['crossings'][number];
