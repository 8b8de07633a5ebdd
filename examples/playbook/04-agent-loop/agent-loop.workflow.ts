import { type Branch, type LoopResult, secret, workflow } from '@stepwell/sdk';
import { begin, Question, type Turn } from './conversation.js';
import type { Tool } from './model.js';
import { Think } from './steps/think.step.js';
import { UseTool } from './steps/use-tool.step.js';

const use =
  (tool: Tool): Branch<Question> =>
  (branch) =>
    branch.then(UseTool, { id: tool, params: (ctx) => ({ tool, text: ctx.resultOf(Think).text }) });

export const agentLoop = workflow('agent-loop', {
  input: Question,
  version: 1,
  title: 'Answer a question with tools',
  config: { model: 'small-1', modelKey: secret('MODEL_KEY') },
})
  .loop<Turn>(
    (turn, previousOf) =>
      turn
        .then(Think, { params: (ctx) => previousOf(ctx) ?? begin(ctx.input) })
        .route(
          (ctx) => ctx.resultOf(Think).tool,
          { search: use('search'), stock: use('stock'), calculator: use('calculator') },
          { id: 'tool', otherwise: (branch) => branch.then('no-tool', () => null) },
        )
        .then('remember', (ctx): Turn => {
          const { messages, tokens } = previousOf(ctx) ?? begin(ctx.input);
          const [reply, found] = [ctx.resultOf(Think), ctx.resultOf<string | null>('tool')];
          return {
            messages: [
              ...messages,
              { from: 'model', text: reply.text },
              ...(found === null ? [] : [{ from: 'tool' as const, text: found }]),
            ],
            tokens: tokens + reply.tokens,
            answer: reply.tool === 'none' ? reply.text : null,
          };
        }),
    {
      id: 'turns',
      maxIterations: 10,
      until: (ctx) => {
        const { answer, tokens } = ctx.resultOf<Turn>('remember');
        return answer !== null || tokens >= ctx.input.budget;
      },
    },
  )
  .then('answer', (ctx) => {
    const { iterations, output } = ctx.resultOf<LoopResult<Turn>>('turns');
    return { answer: output.answer ?? 'The budget is spent.', turns: iterations, tokens: output.tokens };
  });
