export { boardQueues } from './board-queues.js';
export { createHints, type Hints, type HintsOptions } from './create-hints.js';
export { findRedisProblem } from './find-redis-problem.js';
export type { BoardQueues } from './redis/open-board-queues.js';
export type { RedisProblem } from './redis/probe-redis.js';
export { redisAddress } from './redis/redis-address.js';
