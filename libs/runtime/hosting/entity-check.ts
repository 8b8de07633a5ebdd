/**
 * Whose a table is. A module keeps its tables in a schema of its own, named after it, so that no module reads or breaks another's, and
 * one can be taken away with its data. What an entity claims is known from its decorators, before there is a database.
 */
import { basename } from 'node:path';
import { StepwellError } from '@stepwell/contracts';
import type { Type } from '@stepwell/sdk';
import { getMetadataArgsStorage } from 'typeorm';
import { folderOf, moduleName } from './module-name.js';

/** The schema of a module's tables: `strike_review` for `workflows/strike-review`, or for StrikeReviewModule when it has no folder. */
export function schemaOf(module: Type<object>): string {
  const folder = folderOf(module);
  const name = folder === undefined ? module.name.replace(/Module$/, '').replaceAll(/(?<!^)[A-Z]/g, '-$&') : basename(folder);
  return name.toLowerCase().replaceAll('-', '_');
}

export class EntityCheck {
  private readonly claims = new Map<unknown, string>();

  /** @throws StepwellError OPTION_INVALID for a class that is no entity, one outside of its module's schema, one that was claimed before */
  add(entity: Type<object>, module: Type<object>): void {
    const where = `${moduleName(module)}, entity ${entity.name}`;
    const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity);
    if (!table) throw invalid(where, 'it has no @Entity decorator.');
    const schema = schemaOf(module);
    if (table.schema !== schema) {
      const stands = table.schema === undefined ? 'names no schema' : `is in the schema "${table.schema}"`;
      throw invalid(where, `it ${stands}; the tables of this module are in its own: @Entity({ schema: '${schema}', name: '...' }).`);
    }
    // A table is claimed by its class, and by its name: two classes of one table would write over each other.
    for (const claim of [entity, `${schema}.${table.name ?? entity.name}`]) {
      const before = this.claims.get(claim);
      if (before !== undefined) {
        const what = claim === entity ? 'the entity' : `the table ${String(claim)}`;
        throw invalid(where, `${what} is claimed by ${before} already. List it once, in the module that writes it; tell others by events.`);
      }
      this.claims.set(claim, where);
    }
  }
}

function invalid(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
