import { LocalService, type ServiceReply, type ServiceRequest } from './local-service.js';

/** Knows what is in stock, `GET /stock/<item>`, and what is written about it, `GET /pages?q=<word>`. */
export class Warehouse extends LocalService {
  protected override serve({ path }: ServiceRequest): ServiceReply {
    if (path.startsWith('/stock/')) return { body: { text: '12 pieces' } };
    return { body: { text: `A ${new URL(path, 'http://x').searchParams.get('q') ?? ''} weighs 7 kg` } };
  }
}
