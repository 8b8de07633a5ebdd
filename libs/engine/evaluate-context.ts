/** What a node kind gets to evaluate the author's pure functions with. */
import type { Json } from '@stepwell/contracts';
import type { AnyScreen, ReadContext, Type } from '@stepwell/sdk';
import type { ChildDraft } from './facts/fact.js';
import type { StepFault } from './facts/step-fault.js';
import type { GraphNode } from './graph/graph.js';
import type { RunState } from './run-state.js';

export interface EvaluateContext {
  /** The name of the run's workflow. */
  readonly workflow: string;
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
  /** A number from 0 to 1 (without 1) that is always the same for a text. */
  readonly lotOf: (text: string) => number;
  /** What author code reads; typed `never` input because the graph has forgotten it. */
  readonly read: ReadContext<never>;
  /** As code reads that stands at a node, in an iteration. */
  readonly readAt: (node: GraphNode, iteration: string) => ReadContext<never>;
  /** The columns of what stands at a node, by name, as the inbox finds them; undefined when the workflow has none. */
  readonly displayAt: (node: GraphNode, iteration: string) => Readonly<Record<string, string>> | undefined;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /**
   * What is needed to start a run of another workflow.
   * @throws StepwellError INPUT_INVALID when the input does not fit it
   */
  readonly startOf: (workflow: string, input: unknown) => Promise<Omit<ChildDraft, 'id' | 'workflow' | 'isAwaited'>>;
  /** What the author's code threw, as data. */
  readonly faultOf: (error: unknown) => StepFault;
  /** The provider of a screen. */
  readonly screen: (type: Type<AnyScreen>) => AnyScreen;
  /** JSON Schema of an answer class. */
  readonly formOf: (answer: Type<unknown>) => Json;
}
