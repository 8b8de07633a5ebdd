import type { Sql } from '@stepwell/storage';
import type { Side } from './gates.js';
import type { World, WorldName } from './world.js';

/** What a script runs on: a connection of its own. */
export interface ScriptSession {
  readonly side: Side;
  /** BEGIN, the statements of `work`, COMMIT; ROLLBACK when it throws. Stops before each statement and before the end. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

/** What one process does to the database with the hot statements of one query file. */
export interface Script<Result = unknown> {
  readonly name: string;
  /** The query files it stands for, without `.query.ts`. */
  readonly covers: readonly string[];
  /** In which worlds it has something to do, each of them different. */
  readonly worlds: readonly WorldName[];
  /** It has the same to do in every world: where the other has something to do, they meet. */
  readonly isAtHomeAnywhere?: true;
  readonly run: (session: ScriptSession, world: World) => Promise<Result>;
}
