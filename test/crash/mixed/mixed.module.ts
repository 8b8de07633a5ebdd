import { WorkflowModule } from '@stepwell/sdk';
import { mixed, mixedChild } from './mixed.workflow.js';

@WorkflowModule({ workflows: [mixed, mixedChild] })
export class MixedModule {}
