import { Injectable, type NestMiddleware } from '@nestjs/common';
import { ERRORS } from '@stepwell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { nestingErrorOf } from './nesting.js';

/** In front of Apollo: a plugin of it can refuse what has been parsed, and fail at what has not. */
@Injectable()
export class NestingMiddleware implements NestMiddleware<Request, Response> {
  use({ body, query }: Request, response: Response, next: NextFunction): void {
    const texts = [(body as { readonly query?: unknown } | null | undefined)?.query, query['query']];
    const error = texts.flatMap((text) => (typeof text === 'string' ? (nestingErrorOf(text) ?? []) : []))[0];
    if (!error) return next();
    response.status(ERRORS.QUERY_TOO_DEEP.http).json({ errors: [error] });
  }
}
