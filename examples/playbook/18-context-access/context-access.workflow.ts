import { workflow } from '@stepwell/sdk';
import { Application } from './application.js';
import { LookUpDebts } from './steps/look-up-debts.step.js';
import { ScoreArea } from './steps/score-area.step.js';

export const contextAccess = workflow('context-access', {
  input: Application,
  version: 1,
  title: 'Is this loan a good one?',
  config: { vendorAccount: 'acme-7', ourLimitCents: 5_000_000 },
})
  .then(LookUpDebts)
  .then(ScoreArea, {
    params: (ctx) => ({ postcode: ctx.input.person.postcode, cents: ctx.input.cents }),
    access: { data: { input: ['person.postcode', 'cents'] }, config: ['vendorAccount'], audit: false, runtime: false },
  })
  .then('decide', (ctx) => ({ isGranted: ctx.resultOf(ScoreArea).score >= 50 && ctx.resultOf(LookUpDebts).cents < ctx.input.cents }));
