import type { AttemptStatus, Json } from '@stepwell/contracts';
import type { EscalationPlan, NodeProgress } from '../graph/node-kind.js';
import type { StepFault } from '../facts/step-fault.js';

/** A node of the graph that a run has reached. Instants are milliseconds since 1970. */
export interface TimelineStep {
  /** Path and iteration: unique within the run. */
  readonly key: string;
  readonly path: string;
  readonly iteration: string;
  /** Of an injected node the id that it was injected with. */
  nodeId: string;
  /** The node's kind; by the facts alone `node` when the graph of that version is not at hand. */
  readonly kind: string;
  status: AttemptStatus;
  /** Null while it is not known: that an attempt began is recorded when it ends, or when it takes long. */
  startedAt: number | null;
  endedAt: number | null;
  output: Json;
  /** What it waits for now: a wait reason. */
  waitReason: string | null;
  dueAt: number | null;
  taskId: string | null;
  /** The run that it has started, of a node that starts one. */
  childRunId: string | null;
  /** How far a node is that has much to do. */
  progress: NodeProgress | null;
  /** Of what asks people and has such a chain: its steps, in order. */
  escalations: readonly TimelineEscalation[];
  /** It ended in the run that this one retries. */
  isTakenOver: boolean;
  error: StepFault | null;
  /** The output is not the handler's own: what stood in for it (`failure`, `breach`), or where it came from (`key`, `cache`). */
  substitute: string | null;
  /** Of handlers only: a screen, a branch or a wait is not attempted. */
  readonly attempts: TimelineAttempt[];
}

/** A step of the escalation of a task that nobody has decided yet. */
export interface TimelineEscalation extends EscalationPlan {
  /** From 1. */
  readonly number: number;
  /** `waiting` until it comes, `completed` when it has, `failed` when its function threw, `skipped` when the task was over before. */
  readonly status: AttemptStatus;
  /** Of the next one: when it comes. Those behind it count from then on. */
  readonly dueAt: number | null;
  /** When it came. */
  readonly at: number | null;
  /** Of a `run`: what came of it. */
  readonly as: 'assign' | 'answer' | null;
  /** An `assign` that named nobody, and changed nothing. */
  readonly namesNobody: boolean;
  readonly fault: StepFault | null;
}

export interface TimelineAttempt {
  readonly number: number;
  status: AttemptStatus;
  startedAt: number | null;
  endedAt: number | null;
  error: StepFault | null;
  /** Which process a failed one ran in. */
  worker: string | null;
  /** When the next attempt begins, set on a failed one that has a successor. */
  retryAt: number | null;
}
