import { pipeline } from 'node:stream/promises';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { Policy, type WithViewer } from '@stepwell/access';
import { exportFilterOf, Provenance } from '@stepwell/tasks';
import type { Request, Response } from 'express';
import { type Asked, checkedQuery } from '../checked-query.js';
import { signedIn } from '../signed-in.js';

/** The chain of decisions as a file, for whoever has no database: `npm run provenance:verify -- --file` checks it. */
@Controller('provenance.jsonl')
@Policy('operator')
export class ProvenanceController {
  constructor(private readonly provenance: Provenance) {}

  /** `GET /provenance.jsonl?from=2026-10-01&until=2026-11-01&workflow=order` */
  @Get()
  async export(@Req() request: Request & WithViewer, @Res() response: Response, @Query() query: Asked): Promise<void> {
    const filter = exportFilterOf(checkedQuery(query, ['from', 'until', 'workflow']));
    const lines = this.provenance.export(signedIn(request).tenant, filter);
    response.attachment('provenance.jsonl');
    response.set({
      'content-type': 'application/jsonl; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    // Who goes away in the middle ends the reading; what breaks in the middle ends the answer, short of its last chunk and its last line.
    await pipeline(lines, response).catch(() => response.destroy());
  }
}
