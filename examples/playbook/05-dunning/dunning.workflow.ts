import { type Branch, businessCalendar, event, type Flow, type ReadContext, type StandIn, workflow } from '@stepwell/sdk';
import { JudgeCustomer } from './screens/judge-customer.screen.js';
import { ChargeAgain, type Charged } from './steps/charge-again.step.js';
import { RunErrand } from './steps/run-errand.step.js';
import { Unpaid } from './unpaid.js';

/** From so much a month on a person decides. */
const LARGE = 500;

/** The bank owes an answer. */
export const BankSilent = event<{ customer: string }>('bank.silent');

const bankSilent: StandIn<Unpaid, Charged> = (_failure, ctx) => {
  ctx.emit(BankSilent, { customer: ctx.input.customer });
  return { paid: false };
};

const mail = (id: string, template: string) => ({ id, params: () => ({ what: 'mail', details: { template } }) as const });

const judge: Branch<Unpaid> = (flow) =>
  flow.screen(JudgeCustomer, {
    candidateGroups: ['accounts'],
    due: '1bd',
    escalate: [
      { after: '1bd', assign: { candidateGroups: ['accounts-leads'] } },
      { after: '1bd', answer: { verdict: 'extend' } },
    ],
  });

const suspend: Branch<Unpaid> = (flow) =>
  flow.cancellationScope(
    (branch) =>
      branch
        .then(RunErrand, { id: 'suspend', params: () => ({ what: 'suspension' }) })
        .then(RunErrand, { id: 'lock', params: () => ({ what: 'lock' }) })
        .then(RunErrand, { id: 'audit', params: () => ({ what: 'audit' }) }),
    { id: 'together' },
  );

const isPaid = (ctx: ReadContext<Unpaid>) => ctx.resultOf(ChargeAgain, 'second').paid;
const isExtended = (ctx: ReadContext<Unpaid>) => ctx.maybeAnswerOf(JudgeCustomer)?.verdict === 'extend';

const secondTry: Branch<Unpaid> = (flow) =>
  flow
    .then(RunErrand, mail('urgent', 'urgent'))
    .then(ChargeAgain, { id: 'second', delay: '5d', deadline: { after: '7d', onBreach: bankSilent } })
    .when((ctx) => !isPaid(ctx) && ctx.input.monthly >= LARGE, judge, { id: 'large' })
    .when(isPaid, (paid) => paid.then(RunErrand, mail('thanks-late', 'thanks')), { id: 'in-the-end' })
    .elseIf(isExtended, (extended) => extended.then(RunErrand, mail('extended', 'extended')))
    .otherwise(suspend);

export const dunning: Flow<Unpaid> = workflow('dunning', {
  input: Unpaid,
  version: 1,
  title: 'Collect what was not paid',
  calendar: businessCalendar({ zone: 'Europe/Berlin', holidays: { country: 'DE' } }),
})
  .then(RunErrand, mail('notify', 'not-paid'))
  .then(ChargeAgain, { id: 'first', delay: '3d' })
  .when(
    (ctx) => ctx.resultOf(ChargeAgain, 'first').paid,
    (paid) => paid.then(RunErrand, mail('thanks', 'thanks')),
    { id: 'paid' },
  )
  .otherwise(secondTry);
