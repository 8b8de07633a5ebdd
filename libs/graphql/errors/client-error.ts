/**
 * The top-level errors of GraphQL: missing sign-in, missing right, a query that is wrong, a bug. A refusal of the registry carries its
 * code in `extensions.code`; one that there is too much at the moment also says in `retryAfter` in how many seconds it may be asked again.
 * A database that is away, takes nothing or is busy is DATABASE_UNAVAILABLE. What is none of these is a bug: the client gets a number, the
 * log the rest.
 */
import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { ERRORS, retryAfterOf, StepwellError } from '@stepwell/contracts';
import { isDatabaseUnavailable, UNAVAILABLE_RETRY_S } from '@stepwell/storage';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

const logger = new Logger('GraphQL');

/**
 * @param formatted as graphql-js would send it
 * @param error as it was thrown, wrapped with its place or not
 */
export function clientError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const cause = unwrapResolverError(error);
  // Syntax, validation and our own protocol errors are about the request and were thrown by nobody's resolver.
  if (isAboutRequest(cause)) return { message: formatted.message, ...place, extensions: { code: requestCode(formatted) } };
  const retryAfter = retryAfterOf(cause);
  if (cause instanceof StepwellError && retryAfter !== undefined)
    return { message: cause.message, ...place, extensions: { code: cause.code, retryable: true, retryAfter } };
  if (cause instanceof StepwellError && ERRORS[cause.code].http < 500)
    return { message: cause.message, ...place, extensions: { code: cause.code } };
  return { ...place, ...unexpected(cause) };
}

/** Of what is no refusal: the log says what it was, the client that it was. */
export function unexpected(error: unknown): Unexpected {
  return isDatabaseUnavailable(error) ? outage(error) : bug(error);
}

export interface Unexpected {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly retryable?: boolean; readonly retryAfter?: number; readonly id?: string };
}

/** Apollo takes an error of graphql-js that has no code (too many of them, for one) for the server's. */
function requestCode({ extensions }: GraphQLFormattedError): unknown {
  const code = extensions?.['code'];
  return code === undefined || code === 'INTERNAL_SERVER_ERROR' ? 'GRAPHQL_INVALID' : code;
}

function isAboutRequest(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && (error.originalError === undefined || error.originalError instanceof GraphQLError);
}

/** No bug: one line of the log, without a stack. `retryable` tells a client that the same operation may succeed, in about `retryAfter` seconds. */
function outage(error: unknown): Unexpected {
  logger.warn(`The database did not do it: ${String(error)}`);
  const { code, message } = new StepwellError('DATABASE_UNAVAILABLE');
  return { message, extensions: { code, retryable: true, retryAfter: UNAVAILABLE_RETRY_S } };
}

function bug(error: unknown): Unexpected {
  const id = randomUUID();
  logger.error(`Number ${id}: ${String(error)}`, error instanceof Error ? error.stack : undefined);
  const { code, message } = new StepwellError('INTERNAL', { id });
  return { message, extensions: { code, id } };
}
