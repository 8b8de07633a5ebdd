/**
 * What every request that may change something must fulfil, before anything else looks at it: it comes from one of our own pages or
 * from no page at all, and its body is JSON, which no HTML form can send. Where files are taken it may be a multipart form: there
 * `CsrfGuard` asks for what no HTML form can send; a route that reads no body, and asks for no session, takes any. Reads pass: a GET never changes anything.
 */
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { ACCESS_OPTIONS, type AccessOptions } from '../access-options.js';
import { foreignOrigin } from './own-origin.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const FORM_TYPE = /^multipart\/form-data\s*(;|$)/i;
const JSON_WORDS = 'JSON (content-type: application/json)';
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

@Injectable()
export class RequestCheckMiddleware implements NestMiddleware<Request, Response> {
  constructor(@Inject(ACCESS_OPTIONS) private readonly options: AccessOptions) {}

  use({ method, headers, originalUrl }: Request, _response: Response, next: NextFunction): void {
    if (!SAFE.has(method)) {
      const origin = foreignOrigin(headers, this.options.publicUrl);
      if (origin !== undefined) throw new StepwellError('ORIGIN_REFUSED', { origin });
      const contentType = headers['content-type'] ?? 'nothing';
      const path = originalUrl.split('?')[0] ?? '';
      if (this.options.oneClickPaths?.test(path)) return next();
      const mayBeForm = this.options.multipartPaths?.test(path) ?? false;
      if (!JSON_TYPE.test(contentType) && !(mayBeForm && FORM_TYPE.test(contentType)))
        throw new StepwellError('CONTENT_TYPE_REFUSED', {
          accepted: mayBeForm ? `${JSON_WORDS} or multipart/form-data` : JSON_WORDS,
          contentType,
        });
    }
    next();
  }
}
