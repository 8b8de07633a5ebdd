/** How runs of an older version go on in a newer one: what has become of the nodes at which they have been. */
import { type Json, StepwellError } from '@stepwell/contracts';

export interface MigrationOptions {
  /** Ids of nodes that have another one now: `{ review: 'check' }`. A node with the same id needs no word, wherever it stands now. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Ids of nodes that are gone: what they have come to is dropped, a task or a wait of theirs is closed. */
  readonly remove?: readonly string[];
  /** By the old id, from the output that a node had to what the newer version reads of it. A pure function; asked once per run and output. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an output has the type of the older version, which may be gone
  readonly upcast?: Readonly<Record<string, (output: any) => unknown>>;
}

/** As the engine takes it. */
export interface MigrationPlan {
  readonly from: number;
  readonly rename: ReadonlyMap<string, string>;
  readonly remove: ReadonlySet<string>;
  readonly upcast: ReadonlyMap<string, (output: Json) => unknown>;
}

/**
 * A plan of a newer version: `workflow('order', { version: 2, migrations: [migrateFrom(1, { rename: { review: 'check' } })] })`.
 *
 * @param from the older version
 */
export function migrateFrom(from: number, { rename = {}, remove = [], upcast = {} }: MigrationOptions = {}): MigrationPlan {
  const where = `The migration from version ${from}`;
  if (!Number.isInteger(from) || from < 1)
    throw new StepwellError('OPTION_INVALID', { where, reason: 'a version is a whole number of at least 1.' });
  const both = remove.find((id) => id in rename || id in upcast);
  if (both !== undefined)
    throw new StepwellError('OPTION_INVALID', { where, reason: `"${both}" is removed, and renamed or upcast. Leave one of them out.` });
  return { from, rename: new Map(Object.entries(rename)), remove: new Set(remove), upcast: new Map(Object.entries(upcast)) };
}
