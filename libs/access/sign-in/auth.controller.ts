import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import type { Request, Response } from 'express';
import { ACCESS_OPTIONS, type AccessOptions, DEFAULT_TENANT } from '../access-options.js';
import { MAX_PASSWORD } from '../people/user.service.js';
import { Policy } from '../policy/policy.decorator.js';
import { SessionService } from '../sessions/session.service.js';
import type { WithViewer } from '../viewer.js';
import { type Credentials, SignInService } from './sign-in.service.js';

/** Sign-in and sign-out stand beside GraphQL, because they set and clear the cookie. */
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionService,
    @Inject(ACCESS_OPTIONS) private readonly options: AccessOptions,
  ) {}

  @Policy('public')
  @Post('sign-in')
  @HttpCode(204)
  async signIn(@Body() body: unknown, @Req() request: Request & WithViewer, @Res({ passthrough: true }) response: Response): Promise<void> {
    const { token, expiresAt } = await this.signIns.signIn(credentialsOf(body, this.options.tenant), request.ip ?? '');
    // Whoever was signed in here before is not any more.
    if (request.viewer) await this.sessions.end(request.viewer);
    this.sessions.cookie.set(response, token, expiresAt);
  }

  /** Signing out twice is no mistake. */
  @Policy('public')
  @Post('sign-out')
  @HttpCode(204)
  async signOut(@Req() { viewer }: Request & WithViewer, @Res({ passthrough: true }) response: Response): Promise<void> {
    if (viewer) await this.sessions.end(viewer);
    this.sessions.cookie.clear(response);
  }
}

/** No name is longer; a longer text is no name. */
const MAX_NAME = 200;

function credentialsOf(body: unknown, byDefault = DEFAULT_TENANT): Credentials {
  const { name, password, tenant = byDefault } = (body ?? {}) as Record<string, unknown>;
  const isText = (value: unknown, max: number): value is string =>
    typeof value === 'string' && value.length > 0 && value.length <= max && !value.includes('\0');
  if (!isText(name, MAX_NAME) || !isText(password, MAX_PASSWORD) || !isText(tenant, MAX_NAME)) {
    throw new StepwellError('INPUT_INVALID', { reason: 'Send {"name": "...", "password": "..."}.' });
  }
  return { tenant, name, password };
}
