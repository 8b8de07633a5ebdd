import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Policy } from '@stepwell/access';
import { PG_POOL } from '@stepwell/storage';
import type pg from 'pg';

/** For load balancers and supervisors. */
@Controller('health')
@Policy('public')
export class HealthController {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** The process answers. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can do its work: the database answers. */
  @Get('ready')
  async ready(): Promise<{ status: 'ok' }> {
    await this.pool.query('SELECT 1').catch(() => {
      throw new ServiceUnavailableException({ status: 'database unreachable' });
    });
    return { status: 'ok' };
  }
}
