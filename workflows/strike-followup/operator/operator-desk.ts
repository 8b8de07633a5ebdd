import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { OperatorServer } from './operator-server.js';

/**
 * Where operators are reached: `STRIKE_OPERATOR_URL`, or the example's own service, started when it is first asked for. So a process that
 * never runs the follow-up's steps opens no port.
 */
@Injectable()
export class OperatorDesk implements OnModuleDestroy {
  private own: { readonly server: OperatorServer; readonly address: Promise<string> } | undefined;

  /** @returns the base address, without a slash at its end */
  address(): Promise<string> {
    const elsewhere = process.env['STRIKE_OPERATOR_URL'];
    if (elsewhere) return Promise.resolve(elsewhere.replace(/\/+$/, ''));
    if (!this.own) {
      const server = new OperatorServer();
      const address = server.listen();
      this.own = { server, address };
      // A start that failed is not kept: the next letter tries again.
      address.catch(() => (this.own = undefined));
    }
    return this.own.address;
  }

  async onModuleDestroy(): Promise<void> {
    await this.own?.server.close();
    this.own = undefined;
  }
}
