import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSuspension, type StepContext, TerminalError } from '@stepwell/sdk';
import type { FollowupCase } from '../followup-case.js';
import { letterFate } from '../operator/letter-fate.js';
import { OperatorClient } from '../operator/operator-client.js';
import { OperatorDesk } from '../operator/operator-desk.js';
import { OperatorServer } from '../operator/operator-server.js';
import { AskOperator } from './ask-operator.step.js';

/** Stands where Stepwell's callback route stands: hands out URLs, and what is posted there. */
class Callbacks {
  private readonly server: Server;
  private readonly waiting: ((body: unknown) => void)[] = [];
  private readonly received: unknown[] = [];
  /** Statuses of the next answers; 204 when there is none. */
  readonly statuses: number[] = [];

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const status = this.statuses.shift() ?? 204;
        response.writeHead(status).end();
        if (status >= 500) return;
        const posted: unknown = { at: request.url, body: JSON.parse(body) };
        const next = this.waiting.shift();
        if (next) next(posted);
        else this.received.push(posted);
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  next(): Promise<unknown> {
    const posted = this.received.shift();
    return posted === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(posted);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const reportWith = (fits: (fate: ReturnType<typeof letterFate>) => boolean): string => {
  for (let number = 1; ; number++) if (fits(letterFate(`report-${number}`))) return `report-${number}`;
};

describe('asking the operator', () => {
  const callbacks = new Callbacks();
  // The service's delays are skipped, its order of events is kept.
  const service = new OperatorServer({
    later: (work) => {
      const soon = setImmediate(work);
      return () => clearImmediate(soon);
    },
  });
  const desk = new OperatorDesk();
  const step = new AskOperator(new OperatorClient(desk));

  beforeAll(async () => {
    await callbacks.listen();
    process.env['STRIKE_OPERATOR_URL'] = `${await service.listen()}/`;
  });
  afterAll(async () => {
    delete process.env['STRIKE_OPERATOR_URL'];
    await service.close();
    await callbacks.close();
  });

  /** The context of one attempt, or of its continuation with what came back. */
  function attempt(reportId: string, number: number, resumed?: { with: unknown }): StepContext<FollowupCase> {
    const asked = `/${reportId}/${number}`;
    return {
      input: { reportId },
      attempt: number,
      isResumed: resumed !== undefined,
      resumeData: resumed?.with,
      idempotencyKey: `run of ${reportId}`,
      signal: new AbortController().signal,
      createAsyncResult: () => Promise.resolve({ id: asked, callbackUrl: callbacks.url(asked) }),
      resumeWhenComplete: (asyncResultId: string, options: { timeout: string }) => ({ asyncResultId, ...options }),
    } as unknown as StepContext<FollowupCase>;
  }

  it('writes a letter, waits, and takes the answer behind the guard', async () => {
    const reportId = reportWith(({ position }) => position === 'disputed');
    expect(await step.run(attempt(reportId, 1))).toEqual({ asyncResultId: `/${reportId}/1`, timeout: '20s' });
    const posted = (await callbacks.next()) as { at: string; body: { result: unknown } };
    expect(posted).toEqual({
      at: `/${reportId}/1`,
      body: { result: { position: 'disputed', statement: expect.stringContaining('another look') } },
    });
    expect(await step.run(attempt(reportId, 1, { with: posted.body.result }))).toEqual(posted.body.result);
  });

  it('fails the attempt while the service is unavailable, and is served at the next', async () => {
    const reportId = reportWith(({ refusals }) => refusals === 1);
    await expect(step.run(attempt(reportId, 1))).rejects.toThrow('The operator service answered 503');
    await step.run(attempt(reportId, 2));
    expect(await callbacks.next()).toMatchObject({ at: `/${reportId}/2`, body: { result: { position: 'agreed' } } });
  });

  it('hands in the same letter again after it was lost', async () => {
    const reportId = reportWith(({ losses }) => losses === 1);
    await step.run(attempt(reportId, 1));
    expect(await callbacks.next()).toEqual({ at: `/${reportId}/1`, body: { error: 'Delivery 1: the letter came back as undeliverable.' } });
    await step.run(attempt(reportId, 2));
    expect(await callbacks.next()).toMatchObject({ at: `/${reportId}/2`, body: { result: { position: 'agreed' } } });
  });

  it('is called back again when the receiver failed', async () => {
    callbacks.statuses.push(500, 502);
    await step.run(
      attempt(
        reportWith(({ refusals, losses }) => refusals + losses === 0),
        1,
      ),
    );
    expect(await callbacks.next()).toMatchObject({ body: { result: expect.anything() } });
  });

  it.each([undefined, null, 0, {}, { position: 'maybe' }])('takes %j for no answer', async (received) => {
    await expect(step.run(attempt('r', 1, { with: received }))).rejects.toThrow('answered neither "agreed" nor "disputed"');
  });

  it('never waits when the service will not take the letter', async () => {
    const wrong = { ...attempt('r', 1), createAsyncResult: () => Promise.resolve({ id: 'x', callbackUrl: 'mailto:somebody' }) };
    const refused: unknown = await Promise.resolve(step.run(wrong)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TerminalError);
    expect(isSuspension(refused)).toBe(false);
    const address = process.env['STRIKE_OPERATOR_URL'] ?? '';
    expect((await fetch(`${address}letters`)).status).toBe(404);
    expect((await fetch(`${address}letters`, { method: 'POST', body: 'nonsense' })).status).toBe(400);
  });
});

describe('the desk of operators', () => {
  it('opens its own service when it is first asked, and closes it with the module', async () => {
    const desk = new OperatorDesk();
    const [one, two] = await Promise.all([desk.address(), desk.address()]);
    expect(one).toBe(two);
    expect((await fetch(`${one}/nothing`)).status).toBe(404);
    await desk.onModuleDestroy();
    await expect(fetch(`${one}/nothing`)).rejects.toThrow();
    await new OperatorDesk().onModuleDestroy();
  });
});
