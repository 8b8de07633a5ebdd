/**
 * Asks the server as a client of good manners does: what has no answer is asked again, under the same idempotency key, for up to a minute.
 * A refusal is an answer, too.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Asked, Journal } from './journal.js';

const PATIENCE_MS = 60_000;
/** An answer that takes longer is lost: the database is away, or the server is. */
const ANSWER_MS = 10_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** @returns the result, or undefined when it is no answer and is to be asked for again */
export type Read = (answer: Answer) => Readonly<Record<string, unknown>> | undefined;

export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 128 });
  private isStopped = false;
  /** Requests that have no answer yet, and that will be repeated. */
  underWay = 0;

  constructor(
    private readonly portOf: () => number,
    private readonly journal: Journal,
    private readonly random: () => number,
  ) {}

  stop(): void {
    this.isStopped = true;
    this.agent.destroy();
  }

  /** @returns what was acknowledged; undefined when nothing was in a minute */
  async operate(
    op: number,
    asked: Asked,
    path: string,
    key: string,
    body: object,
    read: Read,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    this.journal.ask(op, asked);
    this.underWay++;
    return this.insist(op, asked, path, key, body, read).finally(() => this.underWay--);
  }

  /** Once, and whatever comes of it. */
  async ask(path: string, key: string, body: object): Promise<void> {
    await this.post(path, key, body).catch(() => undefined);
  }

  private async insist(
    op: number,
    asked: Asked,
    path: string,
    key: string,
    body: object,
    read: Read,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const began = performance.now();
    for (let tries = 1; !this.isStopped && performance.now() - began < PATIENCE_MS; tries++) {
      const answer = await this.post(path, key, body).catch(() => undefined);
      const result = answer && read(answer);
      if (result) {
        this.journal.acknowledge(op, asked.kind, tries, result);
        return result;
      }
      await delay(Math.min(1_000, 50 * 2 ** Math.min(tries, 5)) * (0.5 + this.random()));
    }
    return undefined;
  }

  private post(path: string, key: string, body: object): Promise<Answer> {
    return new Promise((answered, failed) => {
      const text = JSON.stringify(body);
      const headers = {
        ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
        ...{ authorization: `Bearer ${key}`, 'x-stepwell-csrf': '1' },
      };
      const sent = request(
        { agent: this.agent, host: '127.0.0.1', port: this.portOf(), path, method: 'POST', headers, timeout: ANSWER_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', failed);
          response.once('end', () => {
            try {
              answered({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8') || 'null') as unknown });
            } catch (error) {
              failed(error instanceof Error ? error : new Error(String(error)));
            }
          });
        },
      );
      sent.once('error', failed);
      sent.once('timeout', () => sent.destroy(new Error('No answer in time.')));
      sent.end(text);
    });
  }
}
