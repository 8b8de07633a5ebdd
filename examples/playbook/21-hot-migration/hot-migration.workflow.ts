import { migrateFrom, workflow } from '@stepwell/sdk';
import { Claim } from './claim.js';
import { ReviewClaim } from './screens/review-claim.screen.js';
import { TellBank } from './steps/tell-bank.step.js';

/** As it was released last year. Its runs wait for weeks. */
export const claimV1 = workflow('hot-migration', { input: Claim, version: 1, title: 'Settle a claim' })
  .then(TellBank, { id: 'assess', params: () => ({ kind: 'assessments' }) })
  .screen(ReviewClaim)
  .then(TellBank, { id: 'pay', params: () => ({ kind: 'payments' }) });

/** A check for fraud comes before the payment, and the payment has a better name. One customer in ten begins on it. */
export const claimV2 = workflow('hot-migration', {
  input: Claim,
  version: 2,
  title: 'Settle a claim',
  canary: { percent: 10, by: ({ customer }) => customer },
  migrations: [migrateFrom(1, { rename: { pay: 'pay-out' } })],
})
  .then(TellBank, { id: 'assess', params: () => ({ kind: 'assessments' }) })
  .screen(ReviewClaim)
  .then(TellBank, { id: 'check-fraud', params: () => ({ kind: 'checks' }) })
  .then(TellBank, { id: 'pay-out', params: () => ({ kind: 'payments' }) });
