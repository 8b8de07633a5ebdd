import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ApiKeyService } from '../api-keys/api-key.service.js';
import { SessionService } from '../sessions/session.service.js';
import type { WithViewer } from '../viewer.js';

/** Puts the viewer on the request, from its key or else its session; whether there must be one is the policy's business. */
@Injectable()
export class SessionMiddleware implements NestMiddleware<Request & WithViewer, Response> {
  constructor(
    private readonly sessions: SessionService,
    private readonly keys: ApiKeyService,
  ) {}

  async use(request: Request & WithViewer, _response: Response, next: NextFunction): Promise<void> {
    const { authorization, cookie } = request.headers;
    request.viewer = (await this.keys.viewerOf(authorization)) ?? (await this.sessions.viewerOf(cookie));
    next();
  }
}
