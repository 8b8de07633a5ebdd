import { HttpApi, type RequestOptions } from '../services/http-api.js';
import type { Order } from './order.js';

/** In the order in which they are asked. */
export type ProcessorName = 'alpha' | 'beta' | 'gamma';

interface Charge {
  readonly id: string;
}

/** The contract with one processor: charge, and say what was charged. */
export class Processor extends HttpApi {
  charge(order: Order, options: RequestOptions): Promise<Charge> {
    return this.post<Charge>('/charges', order, options);
  }

  /** @returns the charge that was made with this key; undefined when none was, and none will be */
  chargeBy(key: string, options: RequestOptions): Promise<Charge | undefined> {
    return this.get<Charge>(`/charges/${key}`, options);
  }
}

export class Processors {
  constructor(private readonly byName: Readonly<Record<ProcessorName, Processor>>) {}

  named(name: ProcessorName): Processor {
    return this.byName[name];
  }
}

export function processorsOfSettings(): Processors {
  const at = (name: string) => new Processor(process.env[`PROCESSOR_${name}_URL`] ?? `https://${name.toLowerCase()}.example`);
  return new Processors({ alpha: at('ALPHA'), beta: at('BETA'), gamma: at('GAMMA') });
}
