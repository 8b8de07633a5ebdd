/**
 * Spans by OpenTelemetry: the only file that knows its SDK, loaded only where a setting asks for it. The SDK reads its own variables
 * (`OTEL_...`: headers, sampler, name of the service, sizes of batches); here is how it gets the ids that it is to use.
 *
 * It is telemetry. What cannot be sent is dropped, in bounded memory, and said in the log at most once a minute; no run waits for it.
 */
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  NodeTracerProvider,
  RandomIdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import type { RunRef } from '@stepwell/engine';
import type { RunOriginRow } from '@stepwell/storage';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerLog } from '../worker/host.js';
import { eventSpanOf, spanOf } from './span-ids.js';
import type { SpanDraft, SpanLink, SpanRef, Tracing } from './tracing.js';

/** A stop waits for the last spans no longer: what collects them may be away. Below what a launcher waits for a server. */
const STOP_MS = 2_000;
const COMPLAIN_EVERY_MS = 60_000;

export interface OpenTelemetryParts {
  /** What a run came from. */
  readonly originOf: (run: RunRef) => Promise<RunOriginRow | undefined>;
  readonly log: WorkerLog;
  /** By default OTLP over HTTP, as JSON, to where `OTEL_EXPORTER_OTLP_ENDPOINT` says. */
  readonly exporter?: SpanExporter;
}

export class OpenTelemetry implements Tracing {
  private readonly ids = new GivenIds();
  private readonly provider: NodeTracerProvider;
  private readonly tracer: Tracer;
  private readonly pending = new Set<Promise<void>>();

  constructor(private readonly parts: OpenTelemetryParts) {
    const exporter = complaining(parts.exporter ?? new OTLPTraceExporter(), parts.log);
    this.provider = new NodeTracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': 'stepwell' }))
        .merge(detectResources({ detectors: [envDetector] })),
      idGenerator: this.ids,
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    // So that the author's spans go the same way. Where the process has a provider of its own already, they go by that.
    this.provider.register();
    this.tracer = this.provider.getTracer('stepwell');
  }

  write({ name, parentId, kind, startedAt, endedAt, attributes, links, error, ...ref }: SpanDraft): void {
    const parent = parentId === undefined ? ROOT_CONTEXT : this.contextOf({ traceId: ref.traceId, spanId: parentId });
    const options = {
      kind: KINDS[kind],
      // A number could be taken for one of performance.now().
      startTime: new Date(startedAt),
      attributes: { ...attributes, ...(error === undefined ? {} : { 'error.type': error }) },
      links: links.map(({ reason, ...to }) => ({ context: { ...to, traceFlags: 1 }, attributes: { 'stepwell.link': reason } })),
    };
    const span = this.ids.using(ref, () => this.tracer.startSpan(name, options, parent));
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(new Date(Math.max(startedAt, endedAt)));
  }

  writeRun(span: SpanDraft, run: RunRef): void {
    const writing = this.parts
      .originOf(run)
      // Without its links it is better than not at all.
      .catch(() => undefined)
      .then((origin) => {
        const attributes = origin ? { ...span.attributes, 'stepwell.run.started_by': origin.startedBy } : span.attributes;
        this.write({ ...span, attributes, links: linksOf(origin) });
      })
      .finally(() => this.pending.delete(writing));
    this.pending.add(writing);
  }

  within<T>(span: SpanRef, work: () => T): T {
    return context.with(this.contextOf(span), work);
  }

  async stop(): Promise<void> {
    const sent = Promise.all(this.pending).then(() => this.provider.shutdown());
    await Promise.race([sent.catch(() => undefined), pause(STOP_MS, undefined, { ref: false })]);
  }

  /** Within a span that may be another process's. Whether its trace is sampled follows from its id. */
  private contextOf(ref: SpanRef) {
    const { traceFlags } = this.ids.using(ref, () => this.tracer.startSpan('', { root: true })).spanContext();
    return trace.setSpanContext(ROOT_CONTEXT, { ...ref, traceFlags });
  }
}

const KINDS = { internal: SpanKind.INTERNAL, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

/** Gives a span the ids that are asked for, and all others, the author's, some of their own. */
class GivenIds implements IdGenerator {
  private given: SpanRef | undefined;
  private readonly random = new RandomIdGenerator();

  using<T>(ref: SpanRef, start: () => T): T {
    this.given = ref;
    try {
      return start();
    } finally {
      this.given = undefined;
    }
  }

  generateTraceId = (): string => this.given?.traceId ?? this.random.generateTraceId();
  generateSpanId = (): string => this.given?.spanId ?? this.random.generateSpanId();
}

function linksOf(origin: RunOriginRow | undefined): readonly SpanLink[] {
  if (!origin) return [];
  const { startedBy, causeEvent, causeRun, retryOf } = origin;
  const retried = retryOf === null ? [] : [{ ...spanOf(retryOf, ''), reason: 'retry' }];
  if (causeRun === null) return retried;
  const cause = causeEvent === null ? spanOf(causeRun, '') : eventSpanOf(causeRun, causeEvent);
  return [{ ...cause, reason: startedBy }, ...retried];
}

/** The SDK says nothing of what it could not send. */
function complaining(exporter: SpanExporter, log: WorkerLog): SpanExporter {
  let saidAt = -Infinity;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error && performance.now() - saidAt >= COMPLAIN_EVERY_MS) {
          saidAt = performance.now();
          log.warn('Spans could not be sent, and are dropped', { error: String(result.error) });
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
