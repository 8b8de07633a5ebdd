import { type Branch, type LoopResult, type ReadContext, workflow } from '@stepwell/sdk';
import { add, advance, type Agenda, NOTHING, type Plan, type Work, type Worker } from './agenda.js';
import { Goal } from './goal.js';
import { AskModel } from './steps/ask-model.step.js';

/** What is to be done, as the turn before has left it; in the first turn, as it was planned. */
const agendaOf = (ctx: ReadContext): Agenda => ctx.previousOf<Agenda>('work') ?? add(NOTHING, ctx.resultOf<Plan>('plan'));
const first = (ctx: ReadContext): Work => agendaOf(ctx).open[0] as Work;

const ask =
  (role: Worker): Branch<Goal> =>
  (branch) =>
    branch.then(AskModel, { id: role, params: (ctx) => ({ role, text: first(ctx).about }) });

export const selfModifyingWorkflow = workflow('self-modifying-workflow', { input: Goal, version: 1, title: 'Work off a plan that grows' })
  .then(AskModel, { id: 'plan', params: (ctx) => ({ role: 'planner', text: ctx.input.text }) })
  .loop<Agenda>(
    (turn) =>
      turn
        .route((ctx) => first(ctx).worker, { research: ask('research'), draft: ask('draft'), check: ask('check') }, { id: 'worker' })
        .then('agenda', (ctx) => advance(agendaOf(ctx), ctx.resultOf<Plan>('worker'))),
    {
      id: 'work',
      while: (ctx) => (ctx.maybeResultOf<Agenda>('agenda') ?? add(NOTHING, ctx.resultOf<Plan>('plan'))).open.length > 0,
    },
  )
  .then('result', (ctx) => ctx.resultOf<LoopResult<Agenda | null>>('work').output?.done ?? []);
