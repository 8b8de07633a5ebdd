import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Policy } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { RunService, type Settlement } from '@stepwell/runtime';

/** Where outside services deliver what a run waits for. The URL is signed; who holds it may settle this one result and nothing else. */
@Controller('async-results')
export class AsyncResultsController {
  constructor(private readonly runs: RunService) {}

  /** The signature is checked by `settleSigned`, before anything is read or written. */
  @Policy('signed')
  @Post(':id')
  @HttpCode(204)
  async settle(@Param('id') id: string, @Query('signature') signature: unknown, @Body() body: unknown): Promise<void> {
    if (typeof signature !== 'string') throw new StepwellError('SIGNATURE_INVALID');
    await this.runs.settleSigned(id, signature, settlementOf(body));
  }
}

/** Either one, so that a misspelt field is refused instead of taken for a result of null. */
function settlementOf(body: unknown): Settlement {
  const { result, error, ...rest } = (body ?? {}) as { result?: unknown; error?: unknown };
  if (Object.keys(rest).length === 0 && !Array.isArray(body)) {
    if (result !== undefined && error === undefined) return { ok: true, value: result };
    if (typeof error === 'string' && result === undefined) return { ok: false, reason: error };
  }
  throw new StepwellError('INPUT_INVALID', { reason: 'Send {"result": ...} or {"error": "..."}.' });
}
