import { type ReadContext, Screen, type ScreenHandler } from '@stepwell/sdk';
import { type LetterNode, type LetterResult, letterResult } from '../cases/letter-result.js';
import type { FollowupCase } from '../followup-case.js';
import { DisputeResolution } from '../forms/dispute-resolution.form.js';

/** What the person sees. */
export interface DisputeToResolve {
  readonly strike: FollowupCase;
  readonly operator: LetterResult;
}

@Screen({
  id: 'resolve-dispute',
  title: 'Settle a strike with its operator',
  instructions: 'The operator disputes the finding, or could not be reached. Read what came back, and settle the case.',
})
export class ResolveDispute implements ScreenHandler<DisputeToResolve, DisputeResolution, FollowupCase> {
  readonly answer = DisputeResolution;

  props(ctx: ReadContext<FollowupCase>): DisputeToResolve {
    return { strike: { ...ctx.input }, operator: letterResult(ctx.resultOf<LetterNode>('letter')) };
  }

  subject({ input }: ReadContext<FollowupCase>): string {
    return `${input.operator}: ${input.species} against ${input.aircraft} at ${input.airport}`;
  }
}
