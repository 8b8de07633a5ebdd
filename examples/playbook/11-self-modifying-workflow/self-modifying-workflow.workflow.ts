import { type InjectedResult, workflow } from '@stepwell/sdk';
import { Goal } from './goal.js';
import { AskModel, type Text } from './steps/ask-model.step.js';
import { Topic } from './topic.js';

/** Who may be asked to do something; whatever else a plan names is refused. */
const worker = { handler: AskModel, params: Topic };

export const selfModifyingWorkflow = workflow('self-modifying-workflow', {
  input: Goal,
  version: 1,
  title: 'Work off a plan that grows',
  // A plan that wants more than that has lost its way.
  maxInjected: 12,
})
  .then(AskModel, { id: 'planner', params: (ctx) => ({ about: ctx.input.text }) })
  .inject({ research: worker, draft: worker, check: worker }, { id: 'work' })
  .then('result', (ctx) => ctx.resultOf<InjectedResult<Text>[]>('work').map(({ id, output }) => ({ id, text: output.text })));
