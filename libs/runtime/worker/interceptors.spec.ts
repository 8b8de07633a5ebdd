import type { Json } from '@stepwell/contracts';
import type { ClaimedRun, ExecuteAction, HostedWorkflow } from '@stepwell/engine';
import type { Interceptor, Type } from '@stepwell/sdk';
import { CheckpointTexts } from '../runs/checkpoint-text.js';
import { Entry } from './entry.js';
import { Interceptors } from './interceptors.js';
import { SYSTEM_TIMERS } from './system-timers.js';

const { jest } = import.meta;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('interceptors of an output', () => {
  /** Each is a class with a method of its own, called in this order. */
  const rewriting = (...methods: NonNullable<Interceptor['afterStep']>[]) => {
    const types = methods.map((afterStep) => class implements Interceptor { afterStep = afterStep; }); // prettier-ignore
    const handlers = { get: <T extends object>(type: Type<T>): T => new type() };
    const hosted = { definition: { interceptors: types } } as unknown as HostedWorkflow;
    const interceptors = Interceptors.of(
      { handlers: handlers as never, timers: SYSTEM_TIMERS, checkpoints: new CheckpointTexts('a key') },
      {} as ClaimedRun,
      hosted,
    );
    const entry = new Entry({ node: { id: 'charge', path: 'charge' }, iteration: '', attempt: 1 } as ExecuteAction, 0, SYSTEM_TIMERS);
    const codes = () => entry.notes.map(({ payload }) => (payload as { fault: { code: string } }).fault.code);
    return { after: (output: Json) => interceptors?.afterStep(entry, output), codes };
  };

  it('have no say any more when their time is over: what a later one has taken out does not come back', async () => {
    let answer: (output: unknown) => void = () => undefined;
    let goOn: () => void = () => undefined;
    const { after, codes } = rewriting(
      () => new Promise((resolve) => (answer = resolve)),
      () => ({ card: 'X' }),
      () => new Promise((resolve) => (goOn = () => resolve(undefined))),
    );
    const stored = after({ card: '4111' });
    await jest.advanceTimersByTimeAsync(10_000);
    answer({ card: '4111' });
    await jest.advanceTimersByTimeAsync(0);
    goOn();
    expect(await stored).toEqual({ card: 'X' });
    expect(codes()).toEqual(['INTERCEPTOR_TIMED_OUT']);
  });

  it('change it by what they return, and by nothing that they do to what they were given', async () => {
    const { after, codes } = rewriting(
      (output) => {
        Object.assign(output as object, { card: undefined, at: new Date() });
        throw new Error('no');
      },
      (output) => void Object.assign(output as object, { card: 7n }),
      (output) => ({ ...(output as object), seen: true }),
    );
    expect(await after({ card: '4111' })).toEqual({ card: '4111', seen: true });
    expect(codes()).toEqual(['STEP_FAILED']);
  });
});
