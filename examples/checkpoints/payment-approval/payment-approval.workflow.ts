import { workflow } from '@stepwell/sdk';
import { Payment } from './payment.js';
import { StopLargePayments } from './stop-large-payments.js';

const THRESHOLD_CENTS = 100_000;

export const paymentApproval = workflow('payment-approval', {
  input: Payment,
  version: 1,
  title: 'Pay an invoice',
  interceptors: [StopLargePayments],
})
  .then('assess', ({ input }) => ({ isLarge: input.cents >= THRESHOLD_CENTS }))
  .then('pay', ({ input }) => ({ paid: input.cents, approvedAt: input.approvedAt ?? null }));
