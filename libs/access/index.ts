export * from './access-options.js';
export * from './access.module.js';
export * from './api-keys/api-key.service.js';
export { isLoopbackAddress } from './http/loopback.js';
export * from './http/own-origin.js';
export * from './people/user.service.js';
export * from './policy/policy.decorator.js';
export * from './sessions/session.service.js';
export * from './viewer.js';
