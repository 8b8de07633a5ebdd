import { Injectable } from '@nestjs/common';
import { TerminalError } from '@stepwell/sdk';
import { OperatorDesk } from './operator-desk.js';

export interface Letter {
  readonly reportId: string;
  /** The same for every try of one letter, so that the operator gets it once. */
  readonly idempotencyKey: string;
  /** Where the answer is to be posted. */
  readonly callbackUrl: string;
}

/** Hands letters to the operator service. */
@Injectable()
export class OperatorClient {
  constructor(private readonly desk: OperatorDesk) {}

  /**
   * @returns when the service has taken the letter; the answer comes to the callback URL
   * @throws TerminalError when the service will never take it (4xx), any other error when it is worth another try
   */
  async send(letter: Letter, signal: AbortSignal): Promise<void> {
    const response = await fetch(`${await this.desk.address()}/letters`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': letter.idempotencyKey },
      body: JSON.stringify(letter),
      signal,
    });
    if (response.ok) return;
    const message = `The operator service answered ${response.status}: ${(await response.text()).slice(0, 200)}`;
    const isWorthAnotherTry = response.status >= 500 || response.status === 408 || response.status === 429;
    throw isWorthAnotherTry ? new Error(message) : new TerminalError(message);
  }
}
