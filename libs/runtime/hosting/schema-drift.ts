/**
 * Where an entity and its migrated table differ: what TypeORM's schema builder would do about it, which is never done. Migrations decide
 * what a table is; an entity need not repeat their checks, indexes and defaults, so what only those would lose is no difference.
 */
import type { Type } from '@stepwell/sdk';
import type { DataSource } from 'typeorm';

/** What the table has and an entity need not know. */
const NOT_REPEATED = /\bDROP CONSTRAINT\b|^DROP INDEX\b|\bDROP DEFAULT\b|^COMMENT ON\b/;

/** @returns one line for each of these entities whose table is another than it says, with what to do */
export async function schemaDrift(dataSource: DataSource, entities: readonly Type<object>[]): Promise<readonly string[]> {
  if (entities.length === 0) return [];
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const changes = upQueries.map(({ query }) => query).filter((query) => !NOT_REPEATED.test(query));
  return entities.flatMap((entity) => {
    const { schema = '', tableName } = dataSource.getMetadata(entity);
    const own = changes.filter((query) => query.includes(` "${schema}"."${tableName}" `));
    if (own.length === 0) return [];
    const advice = 'Write a migration that does so, or mend the entity.';
    return [
      `Entity ${entity.name} and the table ${schema}.${tableName} differ. To be as the entity says it needs: ${own.join('; ')}. ${advice}`,
    ];
  });
}
