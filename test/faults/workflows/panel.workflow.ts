/** Tasks that several people answer, and tasks that nobody answers in time. */
import {
  type EscalatedTask,
  type EscalationHandler,
  type EscalationOutcome,
  type ReadContext,
  Screen,
  type ScreenHandler,
  Step,
  type StepContext,
  workflow,
} from '@stepwell/sdk';
import type { Work } from './inputs.js';
import { Verdict } from './people.workflow.js';

@Screen({ id: 'judge', title: 'Judge' })
export class Judge implements ScreenHandler<Work, Verdict, Work> {
  readonly answer = Verdict;

  props(ctx: ReadContext<Work>): Work {
    return { ...ctx.input };
  }
}

/** With two verdicts, two of three are the same: there is no dispute. */
export const panel = workflow<Work>('panel', { version: 1 })
  .screen(Judge, { reviews: { required: 2, of: 3, compare: ['verdict'] } })
  .then('conclude', (ctx) => ctx.answerOf(Judge).verdict);

@Step({ id: 'answer-for-them', retry: { attempts: 3, backoff: '200ms' } })
export class AnswerForThem implements EscalationHandler<Work> {
  run(ctx: StepContext<Work, EscalatedTask>): EscalationOutcome {
    return { answer: { verdict: 'yes', by: `time, ${ctx.params.escalated}` } };
  }
}

const WAYS = ['answered', 'failed', 'handled', 'told'] as const;

/** Nobody answers in the minute that is the least: then time does, in one way or another. */
export const overdue = workflow<Work>('overdue', { version: 1 })
  .route((ctx) => WAYS[ctx.input.op % WAYS.length] ?? 'answered', {
    answered: (flow) => flow.screen(Judge, { id: 'answered', escalate: [{ after: '1m', answer: { verdict: 'no', by: 'time' } }] }),
    failed: (flow) =>
      flow.try((risky) => risky.screen(Judge, { id: 'failed', escalate: [{ after: '1m', fail: 'Nobody looked.' }] }), {
        catch: (late) => late.then('give-up', () => null),
      }),
    handled: (flow) => flow.screen(Judge, { id: 'handled', escalate: [{ after: '1m', run: AnswerForThem }] }),
    told: (flow) =>
      flow.screen(Judge, {
        id: 'told',
        escalate: [
          { after: '1m', notify: ['ann'] },
          { after: '1m', answer: { verdict: 'no', by: 'time' } },
        ],
      }),
  })
  .then('conclude', () => null);
