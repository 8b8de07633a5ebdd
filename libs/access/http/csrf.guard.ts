import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import type { Request } from 'express';
import type { WithViewer } from '../viewer.js';

/** Of whatever changes something. No form can send it, and another site's script only after a preflight, which nobody here answers. */
export const CSRF_HEADER = 'x-stepwell-csrf';

/** For routes that change something for whoever is signed in by a cookie, which a browser sends by itself; no browser sends a key. */
@Injectable()
export class CsrfGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const { viewer, headers } = context.switchToHttp().getRequest<Request & WithViewer>();
    if (viewer?.kind !== 'api-key' && headers[CSRF_HEADER] === undefined) throw new StepwellError('CSRF_HEADER_MISSING');
    return true;
  }
}
