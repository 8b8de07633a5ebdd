import { WorkflowModule } from '@stepwell/sdk';
import { Model } from './model.js';
import { selfModifyingWorkflow } from './self-modifying-workflow.workflow.js';
import { AskModel } from './steps/ask-model.step.js';

@WorkflowModule({
  workflows: [selfModifyingWorkflow],
  providers: [AskModel, { provide: Model, useFactory: () => new Model(process.env['MODEL_URL'] ?? 'https://model.example') }],
})
export class SelfModifyingWorkflowModule {}
