import type { DatabaseFacts } from '../facts.ts';
import type { Schemas } from '../schema-guard.ts';
import type { World } from '../world.ts';

/** The migrations that the live database has applied, from a proven snapshot of it. */
export async function liveSchema(world: World, database: DatabaseFacts, name: string): Promise<readonly string[]> {
  const { host, databases, run } = world;
  // A folder of its own: a look at a database in WAL mode leaves files beside it. It holds the product's data, and goes at once.
  const folder = `${run.paths.scratch}/${name}`;
  await host.files.removeTree(folder);
  await host.files.makeDirectory(folder, { mode: 0o700 });
  await databases.snapshot(database.path, `${folder}/copy.db`);
  const rows = await databases.schemaRows(`${folder}/copy.db`, database);
  await host.files.removeTree(folder);
  return rows;
}

/** What `learn-schema` found, read from the journal. */
export function learnedSchemas({ outputOf }: Pick<World, 'outputOf'>): Schemas | undefined {
  return outputOf('learn-schema') as Schemas | undefined;
}
