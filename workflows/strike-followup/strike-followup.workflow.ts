import { on, workflow } from '@stepwell/sdk';
import { strikeOffice } from '../strike-office.calendar.js';
import { type LetterNode, letterResult } from './cases/letter-result.js';
import { StrikeReviewed } from './events/strike-reviewed.event.js';
import { followUpOn } from './follow-up-on.js';
import { FollowupCase } from './followup-case.js';
import { ResolveDispute } from './screens/resolve-dispute.screen.js';
import { AskOperator } from './steps/ask-operator.step.js';
import { CloseCase } from './steps/close-case.step.js';

export const strikeFollowup = workflow('strike-followup', {
  input: FollowupCase,
  version: 1,
  title: 'Follow-up with the operator',
  columns: {
    Operator: ({ input }) => input.operator,
    Aircraft: ({ input }) => input.aircraft,
    Letter: (ctx) => ctx.maybeResultOf(CloseCase)?.letter ?? 'on its way',
  },
  calendar: strikeOffice,
  startOn: [on(StrikeReviewed, followUpOn)],
})
  // collect-all makes a letter that failed three times a result, so that a person can settle the case instead of the run failing.
  .parallel({ operator: (branch) => branch.then(AskOperator) }, { id: 'letter', mode: 'collect-all' })
  .when(
    (ctx) => letterResult(ctx.resultOf<LetterNode>('letter')).letter !== 'agreed',
    (branch) =>
      branch.screen(ResolveDispute, {
        due: '2bd',
        undoWindow: '5s',
        escalate: [{ after: '3bd', notify: ['strike-desk'] }],
        columns: { Letter: (ctx) => letterResult(ctx.resultOf<LetterNode>('letter')).letter },
      }),
    { id: 'needs-resolution' },
  )
  .then(CloseCase);
