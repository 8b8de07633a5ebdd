/**
 * The one registry of error codes. A code is never reused for another meaning. `message` is a template: `{name}` is filled from the
 * details. `http` is what the REST edge answers; `retryable` tells a client whether the same call may succeed later.
 * Three kinds of failure are never mixed: refusals (these codes, expected), faults of a step (what a handler throws), bugs.
 */
import { AUTHORING } from './errors/authoring.errors.js';
import { REFUSALS } from './errors/refusals.errors.js';
import { STEP_FAULTS } from './errors/step-faults.errors.js';

export type { ErrorEntry } from './errors/error-entry.js';

export const ERRORS = { ...AUTHORING, ...REFUSALS, ...STEP_FAULTS } as const;

export type ErrorCode = keyof typeof ERRORS;
