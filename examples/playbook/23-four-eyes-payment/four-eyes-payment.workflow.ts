import { type Flow, workflow } from '@stepwell/sdk';
import { Payment } from './payment.js';
import { ReleasePayment } from './screens/release-payment.screen.js';
import { PayOut } from './steps/pay-out.step.js';

export const fourEyesPayment: Flow<Payment> = workflow('four-eyes-payment', {
  input: Payment,
  version: 1,
  title: 'Pay what two people have released',
})
  .screen(ReleasePayment, {
    candidateGroups: ['treasury'],
    ownWork: 'refused',
    reviews: { required: 2, of: 2, compare: ['verdict'], settledBy: ['directors'] },
    escalate: [{ after: '3d', answer: { verdict: 'stop', note: 'Nobody released it in three days.' } }],
  })
  .when(
    (ctx) => ctx.answerOf(ReleasePayment).verdict === 'release',
    (yes) => yes.then(PayOut),
    { id: 'released' },
  );
