import type { Checked } from '../../../src/runbook/checks/check.ts';
import { type Facts, factsOf } from '../../../src/runbook/facts.ts';
import type { Found } from '../../../src/runbook/find.ts';
import { type Bench, type BenchOptions, bench, planned } from '../workbench.ts';

/** What the checks of an upgrade of a real sample server look at. */
export async function checked(options: BenchOptions = {}): Promise<Checked & { readonly bench: Bench }> {
  const one = await bench({ started: false, ...options });
  const { plan } = await planned(one);
  return { bench: one, workshop: one.workshop, found: one.found, facts: factsOf(plan), peek: undefined };
}

let shared: ReturnType<typeof checked> | undefined;

/** One for all tests of a file that only look; its server does not run. */
export function looked(): ReturnType<typeof checked> {
  shared ??= checked({ shared: true });
  return shared;
}

export function withUnit(scene: Checked, unit: Partial<Found['unit']>): Checked {
  return { ...scene, found: { ...scene.found, unit: { ...scene.found.unit, ...unit } } };
}

export function withInstallation(scene: Checked, installation: Partial<Found['installation']>): Checked {
  return { ...scene, found: { ...scene.found, installation: { ...scene.found.installation, ...installation } } };
}

export function withOptions(scene: Checked, options: Partial<Facts['options']>): Checked {
  return { ...scene, facts: { ...scene.facts, options: { ...scene.facts.options, ...options } } };
}

export function withProfile(scene: Checked, profile: Partial<Facts['profile']>): Checked {
  return { ...scene, facts: { ...scene.facts, profile: { ...scene.facts.profile, ...profile } } };
}
