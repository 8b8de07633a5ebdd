export * from './error-registry.js';
export * from './json.js';
export * from './log-line.js';
export * from './roles.js';
export * from './statuses.js';
export * from './stepwell.error.js';
