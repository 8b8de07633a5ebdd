/** Orders as somebody writes them into the environment of a process: see docs/reference/reliability.md. */
import { type Order, parseOrders, PLACES } from './order.js';

const ACTION = /^(kill|stop|drop|[0-9A-Z]{5})$/;

/** @throws Error naming the order that is none, so that nobody waits for what never comes */
export function namedOrders(text: string): Order[] {
  const texts = text.split(',');
  return parseOrders(text).map((order, index) => {
    const { statement, place, action, nth, times } = order;
    const isOrder = statement !== '' && PLACES.includes(place) && ACTION.test(action) && [nth, times].every((n) => Number.isSafeInteger(n) && n > 0); // prettier-ignore
    if (!isOrder)
      throw new Error(`STEPWELL_FAILPOINT: "${texts[index]}" is no order; one reads as flush:after:kill:30: a statement, ${PLACES.join(', ')}, then kill, stop, drop or an SQLSTATE, the how-manieth time, how often.`); // prettier-ignore
    return order;
  });
}
