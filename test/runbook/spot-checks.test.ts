import { expect, test } from 'vitest';
import type { Facts } from '../../src/runbook/facts.ts';
import { planInstall } from '../../src/runbook/plan-install.ts';
import { requireSpotChecks, spotRows } from '../../src/runbook/spot-checks.ts';
import { dockmeshFacts } from './facts.ts';
import { stackServer } from './stack-server.ts';
import { WISH, workshopAt } from './workbench.ts';

const { health } = (await workshopAt('/nowhere')).roomsFor({ kind: 'systemd' });

const withSpots = (facts: Facts, spotChecks: readonly string[]): Facts => {
  return { ...facts, options: { ...facts.options, spotChecks } };
};

test('a spot check reads those stacks alone, and what they need; nothing where none was asked for', async () => {
  const facts = await dockmeshFacts();
  expect(spotRows(facts)).toEqual([]);
  const [row, needed, ...others] = spotRows(withSpots(facts, ['web', 'shop']));
  expect(row).toMatchObject({ name: 'spot check', kind: 'nested', only: ['web', 'shop'], patienceMs: 150_000 });
  expect(needed).toMatchObject({ name: 'docker', external: true });
  expect(others).toEqual([]);
});

test('stacks that are there and deployed pass, one at which Docker is away too: that is for the verdict', async () => {
  const server = await stackServer({ web: { app: 'running' }, shop: { till: 'exited' }, shelved: null });
  const facts = server.at(await dockmeshFacts(), ['web', 'shop']);
  await expect(requireSpotChecks(health, facts, 'token')).resolves.toBeUndefined();
  server.docker = false;
  await expect(requireSpotChecks(health, facts, 'token')).resolves.toBeUndefined();
  await expect(requireSpotChecks(health, server.at(facts, []), undefined)).resolves.toBeUndefined();
});

test.each([
  [
    ['web', 'ghost'],
    'token',
    'saw no stack ghost of Dockmesh server, expected some of web, shelved',
    'those that there are',
  ],
  [['web', 'shelved'], 'token', 'saw shelved deployed nowhere, expected services to read', 'those that run'],
  [['web'], undefined, 'Dockmesh server shows its stacks only to an API token', '--token-file FILE'],
])('%j with %s is refused before anything is touched', async (stacks, token, message, hint) => {
  const server = await stackServer({ web: { app: 'running' }, shelved: null });
  const facts = server.at(await dockmeshFacts(), stacks);
  await expect(requireSpotChecks(health, facts, token)).rejects.toMatchObject({
    code: 'E_USAGE',
    message: `Cannot spot-check ${stacks.join(', ')}: ${message}`,
    hint: expect.stringContaining(hint),
  });
});

test('a token that may not read stacks is refused, and a server that does not answer', async () => {
  const server = await stackServer({ web: { app: 'running' } });
  server.status = 403;
  const facts = server.at(await dockmeshFacts(), ['web']);
  await expect(requireSpotChecks(health, facts, 'token')).rejects.toMatchObject({
    code: 'E_API_FAILED',
    message: expect.stringMatching(/^Cannot spot-check web: saw 403 .* at http:\/\/\S+\/api\/v1\/stacks, expected /),
  });
});

test('a profile that names no row of stacks has no spot checks', async () => {
  const facts = withSpots(await dockmeshFacts(), ['web']);
  const { spot_check: _, ...rest } = facts.profile.health;
  const bare = { ...facts, profile: { ...facts.profile, health: rest } };
  expect(spotRows(bare)).toEqual([]);
  await expect(requireSpotChecks(health, bare, 'token')).rejects.toMatchObject({
    code: 'E_USAGE',
    hint: expect.stringContaining('health.spot_check'),
  });
});

test('what is installed for the first time runs no stacks', async () => {
  const wish = { ...WISH, product: 'dockmesh', tarball: '/nowhere.tar.gz', spotChecks: ['web'] };
  await expect(planInstall(await workshopAt('/nowhere'), wish)).rejects.toMatchObject({
    code: 'E_USAGE',
    message: 'Cannot spot-check web: saw no Dockmesh server here yet',
  });
});
