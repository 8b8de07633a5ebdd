/** What PostgreSQL has counted itself, since its statistics began: an end that is no clean one begins them anew. */
import type { Check } from '../check.js';

export const LOCKS: readonly Check[] = [
  {
    guarantee: 'G1',
    sentence: 'the database had to end no circle of locks',
    when: 'alone',
    sql: 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database() AND deadlocks > 0',
  },
];
