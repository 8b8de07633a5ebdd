import { Step, type StepContext, type StepHandler } from '@stepwell/sdk';
import type { Question } from '../conversation.js';
import type { Tool } from '../model.js';
import { Tools } from '../tools.js';

interface Use {
  readonly tool: Tool;
  readonly text: string;
}

@Step({ id: 'use-tool', timeout: '30s', retry: { attempts: 20, backoff: '2s', maxBackoff: '5m' } })
export class UseTool implements StepHandler<string, Question, Use> {
  constructor(private readonly tools: Tools) {}

  async run({ params: { tool, text }, signal }: StepContext<Question, Use>): Promise<string> {
    return tool === 'calculator' ? this.tools.calculate(text) : this.tools[tool](text, { signal });
  }
}
