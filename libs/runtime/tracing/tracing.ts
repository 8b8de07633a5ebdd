/** Where the spans of runs go: what the worker knows of tracing. There is none of it without a setting: see `open-telemetry.ts`. */
import type { RunRef } from '@stepwell/engine';

export interface SpanRef {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

export interface SpanLink extends SpanRef {
  /** What is there: `event`, `parent`, `child`, `emitter`, `fork`, `retry`. */
  readonly reason: string;
}

/** A span that is over. Ids, names of the author's code, times, numbers and error codes are in it: no payload, and no message. */
export interface SpanDraft extends SpanRef {
  readonly name: string;
  /** Undefined for the run itself. */
  readonly parentId: string | undefined;
  readonly kind: 'internal' | 'producer' | 'consumer';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly SpanLink[];
  /** Its code; undefined when all went well. */
  readonly error: string | undefined;
}

export interface Tracing {
  write(span: SpanDraft): void;
  /** Writes the span of a run that has ended, with links to what it came from. Returns at once. */
  writeRun(span: SpanDraft, run: RunRef): void;
  /** Calls author code: spans of its own are children of this one. */
  within<T>(span: SpanRef, work: () => T): T;
  /** Sends what is left, and waits for that, but not for long. */
  stop(): Promise<void>;
}
