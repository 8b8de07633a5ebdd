import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import { ToolLoan } from './tool-loan.entity.js';

export interface Request {
  readonly tool: string;
  readonly borrower: string;
  readonly breaks?: boolean;
}

/** Writes the loan by its repository, in the transaction of the step. */
@Step({ id: 'lend-tool' })
export class LendTool implements StepHandler<{ timesLent: number }, Request> {
  run(ctx: StepContext<Request>): Promise<{ timesLent: number }> {
    const { input, tenant } = ctx;
    return ctx.transaction(async (manager) => {
      const loans = manager.getRepository(ToolLoan);
      const before = await loans.findOneBy({ tenant, tool: input.tool });
      const { timesLent } = await loans.save({
        tenant,
        tool: input.tool,
        borrower: input.borrower,
        timesLent: (before?.timesLent ?? 0) + 1,
      });
      if (input.breaks) throw new Error('The drawer is stuck.');
      return { timesLent };
    });
  }
}
