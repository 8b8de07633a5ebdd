import { Body, Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { actorOf, CsrfGuard, Policy, type WithViewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { EventService } from '@stepwell/events';
import type { Request } from 'express';
import { idempotencyKeyOf, signedIn } from '../signed-in.js';

/** Events of machines that speak no GraphQL. */
@Controller('events')
export class EventsController {
  constructor(private readonly events: EventService) {}

  /** JSON `{ "payload": ..., "idempotencyKey": "..." }`. Two emits with one key are two events. */
  @Policy('operator')
  @UseGuards(CsrfGuard)
  @Post(':name')
  @HttpCode(201)
  async emit(
    @Req() request: Request & WithViewer,
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<{ readonly eventId: string }> {
    const viewer = signedIn(request);
    const { payload = null, idempotencyKey, ...rest } = (body ?? {}) as { readonly payload?: unknown; readonly idempotencyKey?: unknown };
    if (Array.isArray(body) || Object.keys(rest).length > 0)
      throw new StepwellError('INPUT_INVALID', { reason: 'Send {"payload": ..., "idempotencyKey": "..."}; either may be left out.' });
    const about = { tenant: viewer.tenant, actor: actorOf(viewer), idempotencyKey: idempotencyKeyOf(request, idempotencyKey) };
    return this.events.emit({ ...about, name, payload });
  }
}
