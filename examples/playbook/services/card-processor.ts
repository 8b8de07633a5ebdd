import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

export interface Charge {
  readonly id: string;
  readonly orderId: string;
  readonly cents: number;
}

/**
 * Charges cards: `POST /charges` with an idempotency key, and `GET /charges/<key>` for who does not know what became of one.
 *
 *   200 charged        402 CARD_DECLINED        404 never charged
 */
export class CardProcessor extends LocalService {
  /** What was charged, by idempotency key. */
  readonly charges = new Map<string, Charge>();
  /** Cards that the bank does not accept here. */
  readonly declined = new Set<string>();

  /** What an order was charged, all in all. */
  chargesOf(orderId: string): readonly Charge[] {
    return [...this.charges.values()].filter((charge) => charge.orderId === orderId);
  }

  protected override serve({ method, path, body, key }: ServiceRequest): ServiceReply {
    if (method === 'GET') {
      const charge = this.charges.get(path.split('/').at(-1) ?? '');
      return charge ? { body: charge } : { status: 404, body: { code: 'NO_SUCH_CHARGE' } };
    }
    const { card, orderId, cents } = body as { card: string; orderId: string; cents: number };
    if (this.declined.has(card)) return { status: 402, body: { code: 'CARD_DECLINED' } };
    const charge = { id: `charge-${key}`, orderId, cents };
    this.charges.set(key, charge);
    return { body: charge };
  }
}
