/**
 * Runs a mutation and turns its refusals into typed user errors of the payload. Who may not call at all gets a top-level error, and so
 * does a bug; everything else that the registry knows is something a person can react to.
 */
import { ERRORS, type FieldError, retryAfterOf, StepwellError } from '@stepwell/contracts';
import type { UserErrorObject } from './user-error.object.js';

/** Told to the client as top-level errors: the page asks for a sign-in, or hides what the role may not do. */
const ACCESS: ReadonlySet<string> = new Set(['NOT_SIGNED_IN', 'FORBIDDEN']);

/** Nothing about the call is wrong: the same may be taken in so many seconds, which `extensions` say. */
const isBusy = (error: unknown): boolean => retryAfterOf(error) !== undefined;

type Payload<Result> = Result & { readonly errors: readonly UserErrorObject[] };

export interface ErrorOptions {
  /** The argument whose fields may be wrong: it leads their paths. */
  readonly argument?: string | undefined;
  /** Refusals that have a type of their own. */
  readonly special?: (error: StepwellError) => UserErrorObject | undefined;
}

/** @param nothing the payload's fields when the mutation was refused */
export async function withErrors<Result extends object>(
  nothing: Result,
  work: () => Promise<Result>,
  options: ErrorOptions = {},
): Promise<Payload<Result>> {
  try {
    return { ...(await work()), errors: [] };
  } catch (error) {
    if (!(error instanceof StepwellError) || ACCESS.has(error.code) || ERRORS[error.code].http >= 500 || isBusy(error)) throw error;
    const special = options.special?.(error);
    return { ...nothing, errors: special ? [special] : userErrorsOf(error, options.argument) };
  }
}

/** One error per field, or one for the whole. */
export function userErrorsOf(error: StepwellError, argument?: string): UserErrorObject[] {
  const { code, message, fields } = error;
  if (fields.length === 0) return [{ __typename: 'GeneralError', code, message, path: null }];
  return fields.map((field) => ({ __typename: 'FieldError', code, message: field.message, path: pathOf(field, argument) }));
}

/** `$.order.items[2].due` and `order.items.2.due` both lead to `['order', 'items', '2', 'due']`. */
function pathOf({ path }: FieldError, argument: string | undefined): string[] {
  const parts = path
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter((part) => part !== '');
  return argument === undefined ? parts : [argument, ...parts];
}
