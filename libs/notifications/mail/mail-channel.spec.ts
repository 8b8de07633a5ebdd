/** What a mail server refuses, and what is tried again. By a real one. */
import { MailServer } from '../../../test/notifications/mail-server.js';
import { ChannelAway, type OutgoingMessage, Undeliverable } from '../channel.port.js';
import { MailChannel } from './mail-channel.js';

const message: OutgoingMessage = {
  ...{ id: 'm', at: new Date(0), preferencesUrl: '', unsubscribeUrl: '' },
  to: { id: '', name: 'ada', displayName: 'Ada', address: 'ada@example.com', zone: 'UTC' },
  content: { is: 'notices', notices: [], more: 0, inboxUrl: '' },
};
const saying = (responseCode: number): Error => Object.assign(new Error('No, says mx1.inside'), { responseCode });

describe('a mail', () => {
  let server: MailServer;
  let channel: MailChannel;
  beforeAll(async () => {
    server = await MailServer.start();
    channel = new MailChannel({ url: server.url, from: 'Stepwell <stepwell@example.com>' });
  });
  afterAll(async () => {
    await channel.close();
    await server.stop();
  });
  const failure = async (): Promise<unknown> => {
    try {
      return await channel.send(message);
    } catch (error) {
      return error;
    } finally {
      server.onEnvelope = () => undefined;
      server.onMail = () => undefined;
    }
  };

  it('is given up when its receiver or the mail itself is refused for good', async () => {
    server.onEnvelope = (command) => (command === 'RCPT TO' ? saying(550) : undefined);
    expect(await failure()).toEqual(new Undeliverable('The mail server refuses the address (550).'));
    server.onMail = () => Promise.reject(saying(554));
    expect(await failure()).toEqual(new Undeliverable('The mail server refuses the message (554).'));
  });

  it('is tried again when the server refuses it for now', async () => {
    server.onEnvelope = (command) => (command === 'RCPT TO' ? saying(450) : undefined);
    const refused = await failure();
    expect(refused).toBeInstanceOf(Error);
    expect(refused).not.toBeInstanceOf(Undeliverable);
    expect(refused).not.toBeInstanceOf(ChannelAway);
  });

  it('finds the channel away when the server refuses us, which is mended, or anything; and when there is none', async () => {
    server.onEnvelope = (command) => (command === 'MAIL FROM' ? saying(550) : undefined);
    expect(await failure()).toBeInstanceOf(ChannelAway);
    server.onMail = () => Promise.reject(saying(421));
    expect(await failure()).toBeInstanceOf(ChannelAway);
    const gone = await MailServer.start();
    const nowhere = new MailChannel({ url: gone.url, from: 'Stepwell <stepwell@example.com>' });
    await gone.stop();
    await expect(nowhere.send(message)).rejects.toBeInstanceOf(ChannelAway);
    await nowhere.close();
  });
});
