import { type Branch, event, workflow } from '@stepwell/sdk';
import { Order } from './order.js';
import type { ProcessorName } from './processors.js';
import { ChargeCard, type Receipt } from './steps/charge-card.step.js';

export const OrderPaid = event<{ orderId: string } & Receipt>('order.paid');

const chargeAt =
  (processor: ProcessorName): Branch<Order> =>
  (branch) =>
    branch.then(ChargeCard, { id: `charge-${processor}`, params: () => ({ processor }) });

export const paymentFailover = workflow('payment-failover', { input: Order, version: 1, title: 'Charge an order' })
  .try(chargeAt('alpha'), {
    id: 'payment',
    catch: (alphaFailed) => alphaFailed.try(chargeAt('beta'), { id: 'second-try', catch: chargeAt('gamma') }),
  })
  .emit(OrderPaid, (ctx) => ({ orderId: ctx.input.orderId, ...ctx.resultOf<Receipt>('payment') }), { id: 'announce' });
