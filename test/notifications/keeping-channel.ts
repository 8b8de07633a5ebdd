/** A channel that keeps what it is given to send, for as long as a test says. */
import { NotificationChannel, type OutgoingMessage } from '@stepwell/notifications';

export class KeepingChannel extends NotificationChannel {
  readonly name = 'webhook';
  readonly sent: OutgoingMessage[] = [];
  onSend: (message: OutgoingMessage) => Promise<void> | void = () => undefined;
  async send(message: OutgoingMessage): Promise<void> {
    this.sent.push(message);
    await this.onSend(message);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
