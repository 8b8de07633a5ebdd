/** The embedded PostgreSQL: a database for people who have none, and for tests. */
export { checkRoom } from './connection-room.js';
export { checkDatabase } from './database-check.js';
export {
  attachEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  hasEmbeddedPostgres,
  startEmbeddedPostgres,
  stopAbandonedPostgres,
} from './embedded-postgres.js';
export type { ServerSettings } from './server-settings.js';
export { isStartError, StartError, startErrorLine } from './start-error.js';
