/**
 * What every request that may change something must fulfil, before anything else looks at it: it comes from one of our own pages or
 * from no page at all, and its body is JSON, which no HTML form can send. Reads pass: a GET never changes anything.
 */
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { ACCESS_OPTIONS, type AccessOptions } from '../access-options.js';
import { foreignOrigin } from './own-origin.js';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

@Injectable()
export class RequestCheckMiddleware implements NestMiddleware<Request, Response> {
  constructor(@Inject(ACCESS_OPTIONS) private readonly options: AccessOptions) {}

  use({ method, headers }: Request, _response: Response, next: NextFunction): void {
    if (!SAFE.has(method)) {
      const origin = foreignOrigin(headers, this.options.publicUrl);
      if (origin !== undefined) throw new StepwellError('ORIGIN_REFUSED', { origin });
      const contentType = headers['content-type'] ?? 'nothing';
      if (!/^application\/json\s*(;|$)/i.test(contentType)) throw new StepwellError('CONTENT_TYPE_REFUSED', { contentType });
    }
    next();
  }
}
