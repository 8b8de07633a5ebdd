import { WorkflowModule } from '@stepwell/sdk';
import { agentLoop } from './agent-loop.workflow.js';
import { Model } from './model.js';
import { Think } from './steps/think.step.js';
import { UseTool } from './steps/use-tool.step.js';
import { Tools } from './tools.js';

@WorkflowModule({
  workflows: [agentLoop],
  providers: [
    Think,
    UseTool,
    { provide: Model, useFactory: () => new Model(process.env['MODEL_URL'] ?? 'https://model.example') },
    { provide: Tools, useFactory: () => new Tools(process.env['WAREHOUSE_URL'] ?? 'https://warehouse.example') },
  ],
})
export class AgentLoopModule {}
