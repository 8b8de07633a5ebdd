import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Policy } from '@stepwell/access';
import { type Carrier, WakeUpQueue } from '@stepwell/engine';
import { PG_POOL } from '@stepwell/storage';
import type pg from 'pg';

export interface Readiness {
  readonly status: 'ok';
  /** One that is away costs time only, so the process is ready all the same. */
  readonly wakeUps: Carrier;
}

/** For load balancers and supervisors. */
@Controller('health')
@Policy('public')
export class HealthController {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    private readonly wakeUps: WakeUpQueue,
  ) {}

  /** The process answers. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can do its work: the database answers. */
  @Get('ready')
  async ready(): Promise<Readiness> {
    await this.pool.query('SELECT 1').catch(() => {
      throw new ServiceUnavailableException({ status: 'database unreachable' });
    });
    return { status: 'ok', wakeUps: this.wakeUps.carrier };
  }
}
