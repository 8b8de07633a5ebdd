// Says in plain words why a request failed. Expected refusals come as typed errors inside payloads; what arrives here is a missing
// session, a missing right, a lost network or a bug.
import type { CombinedError } from '@urql/core';

export interface RequestFailure {
  readonly kind: 'sign-in' | 'forbidden' | 'offline' | 'failed';
  readonly title: string;
  readonly message: string;
}

export function isSignInNeeded(error: CombinedError): boolean {
  return hasCode(error, 'NOT_SIGNED_IN') || statusOf(error) === 401;
}

/** The server has understood what is asked for, and does not take it. */
export function isRefused(error: CombinedError): boolean {
  return hasCode(error, 'INPUT_INVALID');
}

export function describeFailure(error: CombinedError): RequestFailure {
  if (isSignInNeeded(error)) return { kind: 'sign-in', title: 'Sign in again', message: 'Your session has ended.' };
  if (hasCode(error, 'FORBIDDEN')) {
    return { kind: 'forbidden', title: 'Not for your role', message: 'Your role does not allow this. An admin can change it.' };
  }
  if (error.networkError) {
    return { kind: 'offline', title: 'The server cannot be reached', message: 'Check that it is running. The page tries again by itself.' };
  }
  const message = error.graphQLErrors[0]?.message ?? error.message;
  if (isRefused(error)) return { kind: 'failed', title: 'This cannot be shown', message };
  return { kind: 'failed', title: 'The server could not answer', message };
}

function hasCode(error: CombinedError, code: string): boolean {
  return error.graphQLErrors.some(({ extensions }) => extensions.code === code);
}

function statusOf(error: CombinedError): number | undefined {
  const response: unknown = error.response;
  return response instanceof Response ? response.status : undefined;
}
