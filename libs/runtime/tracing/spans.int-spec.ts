/** Spans of runs on the real database, as an exporter gets them: ids, attributes, parents and links, of whatever process wrote them. */
import { type AttributeValue, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { RunStatus } from '@stepwell/contracts';
import { EventLoop, EventRouter, TriggerRegistry } from '@stepwell/events';
import { event, on, type StepContext, workflow } from '@stepwell/sdk';
import { pgSql, postgresEventStore, readRunOrigins } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from '../../../test/engine/engine.js';
import { NoFeed } from '../../../test/engine/no-feed.js';
import { OpenTelemetry } from './open-telemetry.js';

const Charged = event<{ card: string }>('test.charged', { external: true });
const CARD = 'card-4711';

/** The author's own span. */
const call = (name: string) => trace.getTracer('the-author').startActiveSpan(name, (span) => void span.end());
const failsOnce = (ctx: StepContext<{ card: string }>) => {
  call(`charge ${ctx.attempt}`);
  if (ctx.attempt === 1) throw Object.assign(new Error(`no answer for ${ctx.input.card}`), { code: 'NO_ANSWER', retryable: true });
  ctx.emit(Charged, { card: ctx.input.card });
  return { charged: ctx.input.card };
};

const order = workflow<{ card: string }>('order', { version: 2 })
  .then('charge', failsOnce, { retry: { attempts: 2, backoff: '1ms' } })
  .then('rest', (ctx) => (ctx.isResumed ? { card: ctx.input.card } : ctx.suspend({ for: '1ms' })))
  .then('elsewhere', () => Promise.resolve().then(() => call('far away')), { queue: 'elsewhere' });
const letter = workflow<{ card: string }>('letter', { version: 1, startOn: [on(Charged, ({ payload }) => ({ input: payload }))] }).then(
  'write',
  () => 1,
);
const child = workflow<{ card: string }>('child', { version: 1 }).then('refuse', (ctx) => {
  throw Object.assign(new Error(ctx.input.card), { code: 'REFUSED', retryable: false });
});
const parent = workflow<{ card: string }>('parent', { version: 1 }).subWorkflow(child, (ctx) => ctx.input, { id: 'ask-child' });

const spans: ReadableSpan[] = [];
const runs = { order: '', letter: '', parent: '', child: '' };

beforeAll(async () => {
  let tracing: OpenTelemetry | undefined;
  const engine: Engine = await startEngine({
    workflows: [order, letter, parent, child],
    tracing: (pool) =>
      (tracing ??= new OpenTelemetry({
        originOf: async (run) => (await readRunOrigins(pgSql(pool), [run])).get(run.id),
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
        exporter: {
          export: (batch, done) => {
            spans.push(...batch);
            done({ code: 0 });
          },
          shutdown: () => Promise.resolve(),
        },
      })),
  });
  await engine.spawn({ worker: { queues: ['elsewhere'] } });
  await new TriggerRegistry(engine.pool, engine.catalog).register(TENANT);
  const events = new EventLoop(new EventRouter(postgresEventStore(engine.pool), engine.catalog, engine.hints, new NoFeed()), engine.hints);
  await events.start();
  runs.order = await engine.start('order', { card: CARD });
  runs.parent = await engine.start('parent', { card: CARD });
  await engine.waitFor(runs.order, RunStatus.completed);
  await engine.waitFor(runs.parent, RunStatus.failed);
  const ended = () =>
    engine.query<{ id: string; workflow: 'letter' | 'child' }>('SELECT id, workflow FROM runs WHERE ended_at IS NOT NULL');
  for (const { id, workflow } of await until(ended, (rows) => rows.length === 4, 'All four runs should have ended')) runs[workflow] = id;
  await events.stop();
  await engine.close();
  await tracing?.stop();
});

const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId;
const traceOf = (runId: string) => spans.filter((span) => span.spanContext().traceId === runId.replaceAll('-', ''));
const find = (runId: string, name: string, has: Readonly<Record<string, AttributeValue>> = {}) => {
  const found = traceOf(runId).filter(
    (one) => one.name === name && Object.entries(has).every(([key, value]) => one.attributes[key] === value),
  );
  expect(found).toHaveLength(1);
  return found[0] as ReadableSpan;
};

describe('spans', () => {
  it('are one trace per run, whose id is the run’s, with a span for the run and one for each entry of a handler', () => {
    const root = find(runs.order, 'order');
    expect(root.parentSpanContext).toBeUndefined();
    expect(root.attributes).toEqual({
      'stepwell.tenant': TENANT,
      'stepwell.workflow.id': 'order',
      'stepwell.workflow.version': 2,
      'stepwell.run.id': runs.order,
      'stepwell.run.status': 'completed',
      'stepwell.run.started_by': 'api',
    });
    const steps = traceOf(runs.order).filter((span) => span.attributes['stepwell.step.outcome'] !== undefined);
    const about = ['attempt', 'resumed', 'outcome'].map((what) => `stepwell.step.${what}`);
    expect(steps.map(({ name, attributes }) => [name, ...about.map((key) => attributes[key])])).toEqual([
      ['charge', 1, false, 'failed'],
      ['charge', 2, false, 'completed'],
      ['rest', 1, false, 'suspended'],
      ['rest', 1, true, 'completed'],
      ['elsewhere', 1, false, 'completed'],
    ]);
    expect(new Set(steps.map((span) => span.parentSpanContext?.spanId))).toEqual(new Set([idOf(root)]));
    expect(new Set(traceOf(runs.order).map(idOf)).size).toBe(traceOf(runs.order).length);
  });

  it('tell the checkpoint behind an output, and the code of what went wrong', () => {
    const failed = find(runs.order, 'charge', { 'stepwell.step.attempt': 1 });
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR, message: 'NO_ANSWER' });
    expect(failed.attributes['stepwell.checkpoint.id']).toBeUndefined();
    const completed = find(runs.order, 'charge', { 'stepwell.step.attempt': 2 });
    expect(completed.status.code).toBe(SpanStatusCode.UNSET);
    // run.started, attempt.failed, step.completed
    expect(completed.attributes['stepwell.checkpoint.id']).toBe(3);
    expect(find(runs.child, 'child').status).toEqual({ code: SpanStatusCode.ERROR, message: 'REFUSED' });
  });

  it('are the parents of those that the handler makes, on whatever queue it runs', () => {
    for (const attempt of [1, 2])
      expect(find(runs.order, `charge ${attempt}`).parentSpanContext?.spanId).toBe(
        idOf(find(runs.order, 'charge', { 'stepwell.step.attempt': attempt })),
      );
    expect(find(runs.order, 'far away').parentSpanContext?.spanId).toBe(idOf(find(runs.order, 'elsewhere')));
  });

  it('lead from a run to the step whose event has started it, and between parent and child', () => {
    const emitted = find(runs.order, 'emit test.charged');
    expect([emitted.kind, emitted.parentSpanContext?.spanId]).toEqual([
      SpanKind.PRODUCER,
      idOf(find(runs.order, 'charge', { 'stepwell.step.attempt': 2 })),
    ]);
    const linksOf = (span: ReadableSpan) => span.links.map(({ context, attributes }) => [context.spanId, attributes?.['stepwell.link']]);
    expect(linksOf(find(runs.letter, 'letter'))).toEqual([[idOf(emitted), 'event']]);
    expect(linksOf(find(runs.child, 'child'))).toEqual([[idOf(find(runs.parent, 'parent')), 'parent']]);
    expect(linksOf(find(runs.parent, 'ask-child'))).toEqual([[idOf(find(runs.child, 'child')), 'child']]);
  });

  it('begin and end when what they are for did', () => {
    for (const span of traceOf(runs.order)) {
      const root = find(runs.order, 'order');
      expect(span.startTime[0] * 1e9 + span.startTime[1]).toBeGreaterThanOrEqual(root.startTime[0] * 1e9 + root.startTime[1]);
      expect(span.duration[0]).toBeLessThan(60);
    }
  });

  it('say nothing of what the run is about', () => {
    const said = spans.map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links }));
    expect(JSON.stringify(said)).not.toContain(CARD);
  });
});
