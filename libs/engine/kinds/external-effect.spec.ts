import { type Flow, type PlacementOptions, UnknownEffectError, type Verdict, workflow } from '@stepwell/sdk';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';
import { timeline } from '../timeline/timeline.js';

type Code = (ctx: DriverStepContext) => unknown;

/** Charges, and whatever becomes of that, the next provider. */
const charging = (charge: Code, options: Omit<PlacementOptions<unknown>, 'externalEffect'>, verify?: () => Verdict) =>
  workflow<unknown>('payment', { version: 1 }).then('charge', charge as never, {
    ...options,
    externalEffect: verify ? { verify } : true,
  });
const lost: Code = () => {
  throw new UnknownEffectError('The connection broke.');
};
const resolve = (driver: RunDriver, happened: boolean, output: string | null = null) =>
  driver.database.append('incident.resolved', { path: 'charge', iteration: '', attempt: 1, happened, output, by: null, reason: null });
const stepOf = (driver: RunDriver) =>
  timeline({ facts: driver.database.journal, graph: driver.graph, status: driver.state.status, now: driver.now })[0];

describe('a step with an effect outside', () => {
  it('writes each attempt down before it begins, and is else as any other', async () => {
    const driver = RunDriver.of(charging((ctx) => (ctx.attempt === 1 ? fail() : 'charged'), { retry: { attempts: 2 } }));
    await driver.settle();
    expect(driver.facts).toEqual(['run.started', 'effect.begun', 'attempt.failed', 'effect.begun', 'step.completed', 'run.ended']);
    expect(driver.state.output).toBe('charged');
  });

  it('is neither run again nor failed after a crash: it is an incident, until somebody says what happened', async () => {
    const driver = RunDriver.of(
      charging(() => 'charged', { retry: { attempts: 9 }, deadline: '1h', onFailure: () => 'the next provider' }),
    );
    await driver.make('begin charge!1.0');
    driver.crash();
    await driver.settle();
    driver.now += 7_200_000;
    await driver.settle();
    expect(driver.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
    expect(driver.executions.get('charge')).toBe(1);
    expect(stepOf(driver)).toMatchObject({ status: 'waiting', waitReason: 'incident', attempts: [{ status: 'unknown' }] });
    driver.database.append('incident.retried', { incidents: [{ path: 'charge', iteration: '', attempt: 1 }], by: null, reason: null });
    await driver.settle();
    expect(driver.executions.get('charge')).toBe(1);
    resolve(driver, true, 'receipt 7');
    await driver.settle();
    expect(driver.state.output).toBe('receipt 7');
    expect(stepOf(driver)).toMatchObject({ status: 'completed', output: 'receipt 7' });
  });

  it('is tried again when a person has found that it did not happen', async () => {
    const driver = RunDriver.of(charging((ctx) => (ctx.attempt === 1 ? lost(ctx) : `attempt ${ctx.attempt}`), {}));
    await driver.settle();
    resolve(driver, false);
    await driver.settle();
    expect(driver.state.output).toBe('attempt 2');
  });

  it.each([
    ['happened', { happened: true, output: 'receipt 7' } as const, 'receipt 7', 1],
    ['did not happen', { happened: false } as const, 'attempt 2', 2],
  ])('asks verify what became of it, and goes by that (%s)', async (_name, verdict, output, executions) => {
    const code: Code = (ctx) => (ctx.attempt === 1 ? lost(ctx) : `attempt ${ctx.attempt}`);
    const driver = RunDriver.of(charging(code, { retry: { attempts: 2 } }, () => verdict));
    await driver.settle();
    expect(driver.state.output).toBe(output);
    expect(driver.executions.get('charge')).toBe(executions + 1);
  });

  it('fails when it did not happen and no attempt is left', async () => {
    const driver = RunDriver.of(charging(lost, {}, () => ({ happened: false })));
    await driver.settle();
    expect(driver.state.fault?.code).toBe('EFFECT_DID_NOT_HAPPEN');
  });

  it('asks verify again, ten times with growing pauses, while it throws or does not know; then a person looks', async () => {
    const asked: number[] = [];
    const driver: RunDriver = RunDriver.of(
      charging(lost, {}, () => {
        asked.push(driver.now);
        if (asked.length % 2 === 0) return 'unknown';
        throw new Error('away');
      }),
    );
    await driver.settle();
    expect(asked.map((at, index) => at - (asked[index - 1] ?? at))).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256].map((s) => s * 1000));
    expect(driver.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
  });

  it('stays uncertain in the run that retries a canceled one', async () => {
    const driver = RunDriver.of(charging(() => 'charged', {}));
    await driver.make('begin charge!1.0');
    driver.database.append('cancel.requested', { reason: null, by: null });
    await driver.make('read the inbox');
    await driver.settle();
    expect(driver.state.status).toBe('canceled');
    const retried = driver.retry();
    await retried.settle();
    expect(retried.executions.get('charge')).toBeUndefined();
    expect(retried.waits).toEqual([{ reason: 'incident', dueAt: undefined }]);
  });

  describe('in a finally that begins anew in the run that retries', () => {
    const breaks: Code = ({ generation }) => (generation === 0 ? fail() : 'mended');
    const ended = (last: (flow: Flow<unknown>) => Flow<unknown>) =>
      RunDriver.of(workflow<unknown>('payment', { version: 1 }).try((flow) => flow.then('breaks', breaks as never), { finally: last }));
    const retried = async (driver: RunDriver) => {
      await driver.settle();
      const retry = driver.retry();
      await retry.settle();
      return retry;
    };
    const charge =
      (code: Code, options: PlacementOptions<unknown> = {}) =>
      (flow: Flow<unknown>) =>
        flow.then('charge', code as never, { ...options, externalEffect: true });

    it('is not made again, in no turn of a loop either, and keeps what came of it', async () => {
      const read: unknown[] = [];
      const turn = (flow: Flow<unknown>) => charge(({ index }) => `receipt ${index}`)(flow).then('tell', (ctx) => void read.push(ctx.resultOf('charge'))); // prettier-ignore
      const retry = await retried(ended((flow) => flow.loop(turn, { id: 'thrice', maxIterations: 3 })));
      expect(retry.state.status).toBe('completed');
      expect([...retry.executions.keys()].filter((key) => key.includes('charge'))).toEqual([]);
      expect(read).toEqual([0, 1, 2, 0, 1, 2].map((index) => `receipt ${index}`));
      const charges = timeline({ facts: retry.database.journal, graph: retry.graph, status: 'completed', now: retry.now }).filter(({ nodeId }) => nodeId === 'charge'); // prettier-ignore
      expect(charges.map(({ status, isTakenOver }) => [status, isTakenOver])).toEqual([0, 1, 2].map(() => ['completed', true]));
    });

    it('is asked about where it may have been made, also in a turn that its loop has left', async () => {
      const turn = (flow: Flow<unknown>) => flow.race({ charged: charge(() => 'receipt'), waited: (other) => other.wait('1m') });
      const driver = ended((flow) => flow.loop(turn, { id: 'twice', maxIterations: 2 }));
      await driver.make('begin try-1/finally/twice/turn/race-1/charged/charge#0!1.0');
      driver.crash();
      const retry = await retried(driver);
      expect(retry.facts.slice(retry.facts.indexOf('retry.started'))).toContain('incident.opened');
      expect([...retry.executions.keys()].filter((key) => key.includes('charge'))).toEqual([]);
    });

    it('is made when another output stood in for it', async () => {
      const code: Code = ({ generation }) => (generation === 0 ? fail() : 'receipt');
      const retry = await retried(ended(charge(code, { onFailure: () => 'the next provider' })));
      expect(retry.executions.get('try-1/finally/charge')).toBe(1);
    });
  });

  it('has all its attempts again in that run, when the effect did not happen', async () => {
    const driver = RunDriver.of(charging(() => 'charged', {}, () => ({ happened: false }))); // prettier-ignore
    await driver.make('begin charge!1.0');
    driver.database.append('cancel.requested', { reason: null, by: null });
    await driver.make('read the inbox');
    await driver.settle();
    const retried = driver.retry();
    await retried.settle();
    expect(retried.state).toMatchObject({ status: 'completed', output: 'charged' });
  });
});

function fail(): never {
  throw new Error('declined');
}
