import { Body, Controller, Get, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { Role, StepwellError } from '@stepwell/contracts';
import type { Request, Response } from 'express';
import { DEFAULT_TENANT } from '../access-options.js';
import { UserService } from '../people/user.service.js';
import { Policy } from '../policy/policy.decorator.js';
import { SessionService } from '../sessions/session.service.js';
import type { WithViewer } from '../viewer.js';
import { DemoGuard } from './demo.guard.js';

const ROLES = Object.values(Role);

/** Signs in by one click, as an account per role that nobody can sign in to by password. */
@Controller('auth')
@UseGuards(DemoGuard)
export class DemoController {
  constructor(
    private readonly users: UserService,
    private readonly sessions: SessionService,
  ) {}

  @Policy('public')
  @Get('demo-roles')
  roles(): { readonly roles: readonly Role[] } {
    return { roles: ROLES };
  }

  @Policy('public')
  @Post('demo-sign-in')
  @HttpCode(204)
  async signIn(
    @Body() body: unknown,
    @Req() { viewer }: Request & WithViewer,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const wanted = (body as { role?: unknown } | null)?.role;
    const role = ROLES.find((one) => one === wanted);
    if (!role) throw new StepwellError('INPUT_INVALID', { reason: `Send {"role": "..."} with one of ${ROLES.join(', ')}.` });
    const displayName = `Demo ${role}`;
    if (viewer) await this.sessions.end(viewer);
    const user = await this.users.ensureWithoutPassword({ tenant: DEFAULT_TENANT, name: `demo-${role}`, displayName, role });
    const { token, expiresAt } = await this.sessions.open(user);
    this.sessions.cookie.set(response, token, expiresAt);
  }
}
