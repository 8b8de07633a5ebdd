import { workflow, WorkflowModule } from '@stepwell/sdk';
import { LendTool, type Request } from './lend-tool.step.js';
import { ToolLoan } from './tool-loan.entity.js';

const lending = workflow<Request>('lending', { version: 1 }).then(LendTool);

/** A module with a table of its own. */
@WorkflowModule({ workflows: [lending], providers: [LendTool], entities: [ToolLoan] })
export class ToolLoansModule {}
