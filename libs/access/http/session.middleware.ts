import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { SessionService } from '../sessions/session.service.js';
import type { WithViewer } from '../viewer.js';

/** Puts the viewer on the request; whether there must be one is the policy's business. */
@Injectable()
export class SessionMiddleware implements NestMiddleware<Request & WithViewer, Response> {
  constructor(private readonly sessions: SessionService) {}

  async use(request: Request & WithViewer, _response: Response, next: NextFunction): Promise<void> {
    request.viewer = await this.sessions.viewerOf(request.headers.cookie);
    next();
  }
}
