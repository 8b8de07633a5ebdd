import { ConsoleLogger } from '@nestjs/common';

/** Where Nest prints an exception that stops the boot, before it is thrown to us. */
const PRINTED_BY_NEST = 'ExceptionHandler';

/** Warnings and errors only, and not what stops the boot: `main` says that itself, in one line. */
export class BootLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['error', 'warn', 'fatal'] });
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== PRINTED_BY_NEST) super.error(message, ...rest);
  }
}
