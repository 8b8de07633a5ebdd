/**
 * Turns errors into HTTP answers: `{ code, message, fields? }` with the status of the registry. What is no refusal is a bug: the answer
 * carries a number, the log the rest. In GraphQL the error goes on to Apollo's formatter, which does the same for its own wire; what is
 * refused there before it comes to an operation, such as who cannot be asked who it is, is told in both ways.
 */
import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Logger } from '@nestjs/common';
import { ERRORS, retryAfterOf, StepwellError } from '@stepwell/contracts';
import { isDatabaseUnavailable, UNAVAILABLE_RETRY_S } from '@stepwell/storage';
import type { Request, Response } from 'express';
import { ACCESS_OPTIONS, type AccessOptions } from '../access-options.js';

@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  constructor(@Inject(ACCESS_OPTIONS) private readonly options: Pick<AccessOptions, 'graphqlPaths'>) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // GraphQL takes a returned error for a thrown one; throwing here would have Nest log each refusal.
    if (host.getType<'http' | 'graphql'>() !== 'http') return error;
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent) return response.end();
    const refusal = this.refusalOf(error);
    if (typeof refusal.body.seconds === 'number') response.setHeader('Retry-After', String(refusal.body.seconds));
    return response.status(refusal.status).json(this.isForGraphql(http.getRequest<Request>()) ? withErrors(refusal.body) : refusal.body);
  }

  private isForGraphql({ originalUrl }: Pick<Request, 'originalUrl'>): boolean {
    return this.options.graphqlPaths?.test(originalUrl.split('?')[0] ?? '') ?? false;
  }

  private refusalOf(error: unknown): { readonly status: number; readonly body: Record<string, unknown> } {
    if (error instanceof StepwellError && (ERRORS[error.code].http < 500 || retryAfterOf(error) !== undefined)) {
      const { code, message, fields, details } = error;
      return {
        status: ERRORS[code].http,
        body: { code, message, ...(fields.length > 0 ? { fields } : {}), ...('seconds' in details ? { seconds: details['seconds'] } : {}) },
      };
    }
    if (error instanceof HttpException) return { status: error.getStatus(), body: bodyOf(error) };
    const status = statusOf(error);
    if (status !== undefined) return { status, body: { code: 'INPUT_INVALID', message: (error as Error).message } };
    const { code, message, details } = isDatabaseUnavailable(error) ? this.outage(error) : this.bug(error);
    return { status: ERRORS[code].http, body: { code, message, ...('seconds' in details ? { seconds: details['seconds'] } : {}) } };
  }

  /** No bug: one line of the log, without a stack. */
  private outage(error: unknown): StepwellError {
    this.logger.warn(`The database did not do it: ${String(error)}`);
    return new StepwellError('DATABASE_UNAVAILABLE', { seconds: UNAVAILABLE_RETRY_S }, { cause: error });
  }

  private bug(error: unknown): StepwellError {
    const id = randomUUID();
    this.logger.error(`Number ${id}: ${String(error)}`, error instanceof Error ? error.stack : undefined);
    return new StepwellError('INTERNAL', { id }, { cause: error });
  }
}

/** As an operation would say it: a client of GraphQL looks there for the code, and for when to ask again. */
function withErrors(body: Record<string, unknown>): Record<string, unknown> {
  const { code, message, seconds } = body;
  if (code === undefined) return body;
  const extensions = { code, ...(seconds === undefined ? {} : { retryable: true, retryAfter: seconds }) };
  return { ...body, errors: [{ message, extensions }] };
}

function bodyOf(error: HttpException): Record<string, unknown> {
  const body = error.getResponse();
  return typeof body === 'string' ? { message: body } : (body as Record<string, unknown>);
}

/** What Express's own parsers throw: a broken or an oversized body, with the status to answer. */
function statusOf(error: unknown): number | undefined {
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  return expose === true && typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
