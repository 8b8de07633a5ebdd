import { type Branch, type BranchResult, workflow } from '@stepwell/sdk';
import type { CarrierName } from './carriers.js';
import { Notice } from './notice.js';
import { type Delivery, SendMessage } from './steps/send-message.step.js';

type Address = 'email' | 'phone' | 'device';
type Channels = Readonly<Record<'mail' | 'sms' | 'push', BranchResult<Delivery>>>;

const send =
  (carrier: CarrierName, address: Address): Branch<Notice> =>
  (branch) =>
    branch.then(SendMessage, { id: carrier, params: (ctx) => ({ carrier, to: ctx.input[address] }) });

export const multiChannelNotification = workflow('multi-channel-notification', { input: Notice, version: 1, title: 'Notify a customer' })
  .parallel(
    {
      mail: (branch) => branch.try(send('mail-one', 'email'), { id: 'mail', catch: send('mail-two', 'email') }),
      sms: (branch) => branch.try(send('sms-one', 'phone'), { id: 'sms', catch: send('sms-two', 'phone') }),
      push: send('push', 'device'),
    },
    { id: 'channels', mode: 'collect-all' },
  )
  .then('record', (ctx) => {
    const { mail, sms, push } = ctx.resultOf<Channels>('channels');
    return { mail: deliveryOf(mail), sms: deliveryOf(sms), push: deliveryOf(push) };
  });

function deliveryOf(channel: BranchResult<Delivery>): Delivery | null {
  return channel.status === 'completed' ? channel.output : null;
}
