import { HttpApi, type RequestOptions } from '../services/http-api.js';

/** Two for mail, two for text messages, one for push. */
export type CarrierName = 'mail-one' | 'mail-two' | 'sms-one' | 'sms-two' | 'push';

const ADDRESSES: Readonly<Record<CarrierName, string>> = {
  'mail-one': process.env['MAIL_ONE_URL'] ?? 'https://mail-one.example',
  'mail-two': process.env['MAIL_TWO_URL'] ?? 'https://mail-two.example',
  'sms-one': process.env['SMS_ONE_URL'] ?? 'https://sms-one.example',
  'sms-two': process.env['SMS_TWO_URL'] ?? 'https://sms-two.example',
  push: process.env['PUSH_URL'] ?? 'https://push.example',
};

export class Carriers {
  constructor(private readonly addresses: Readonly<Record<CarrierName, string>>) {}

  /** @returns the carrier's own id of the message */
  async send(carrier: CarrierName, to: string, text: string, options: RequestOptions): Promise<string> {
    const { message } = await new HttpApi(this.addresses[carrier]).post<{ message: string }>('/messages', { to, text }, options);
    return message;
  }
}

export function carriersOfSettings(): Carriers {
  return new Carriers(ADDRESSES);
}
