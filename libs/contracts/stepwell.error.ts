import { ERRORS, type ErrorCode } from './error-registry.js';

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One field of a rejected input or answer: the path inside the value, and what is wrong with it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/**
 * An error of the registry: a refusal or a boot error. Libraries throw it; only the apps turn it into HTTP or GraphQL.
 *
 * @param code an entry of the registry
 * @param details values for the message's placeholders, also shown to clients
 * @param options `cause`, and `fields` for rejected input
 */
export class StepwellError extends Error {
  override readonly name: string = 'StepwellError';
  readonly fields: readonly FieldError[];

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options: { cause?: unknown; fields?: readonly FieldError[] } = {},
  ) {
    super(fill(ERRORS[code].message, details), options.cause === undefined ? undefined : { cause: options.cause });
    this.fields = options.fields ?? [];
  }
}

/**
 * Input of which one field is refused.
 *
 * @param path inside the input
 * @param reason what the message says of it, when the field's own words are not enough
 */
export function refusedField(path: string, message: string, reason = message): StepwellError {
  return new StepwellError('INPUT_INVALID', { reason }, { fields: [{ path, message }] });
}

/** True when `error` is a refusal of the given code. */
export function isRefusal(error: unknown, code: ErrorCode): error is StepwellError {
  return error instanceof StepwellError && error.code === code;
}

/** In how many seconds the same call may be taken, of a refusal that says so because there is too much at the moment. */
export function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof StepwellError) || !BUSY.has(error.code)) return undefined;
  const { seconds } = error.details;
  return typeof seconds === 'number' ? seconds : undefined;
}

const BUSY: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['TENANT_QUEUE_FULL', 'QUEUE_FULL', 'OVERLOADED']);

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (match, name: string | undefined) => {
    if (name === undefined) return match.charAt(0);
    const value = details[name];
    return value === undefined || value === null ? '' : String(value);
  });
}
