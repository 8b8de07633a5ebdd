/**
 * What the engine knows of a kind of node. One kind, one file in `kinds/`; the worker and the store know only this interface, so a new
 * kind touches neither.
 */
import type { Json } from '@stepwell/contracts';
import type { NodeDefinition, Type } from '@stepwell/sdk';
import type { Decision } from '../decision.js';
import type { EvaluateContext } from '../evaluate-context.js';
import type { FactDraft } from '../facts/fact.js';
import type { StepFault } from '../facts/step-fault.js';
import type { NodeState } from '../run-state.js';
import type { Body, GraphNode } from './graph.js';
import type { Outcome } from './outcome.js';

export interface BodyDefinition {
  readonly segment: string;
  /** What drawings call it; default its segment. */
  readonly label?: string;
  readonly nodes: readonly NodeDefinition[];
  /** True when the kind runs it more than once, each time under an iteration of its own. */
  readonly repeats?: true;
  /** True when it is run to its end once its node was entered, whatever is canceled around the node. */
  readonly isShielded?: true;
  /** True when the node deals with what fails in it, and goes on. */
  readonly isGuarded?: true;
  /** True when it comes after the others of its node, whatever they came to. */
  readonly isLast?: true;
}

export interface NodeProgress {
  readonly done: number;
  /** Null while it is not known how many there are. */
  readonly total: number | null;
}

/** A step of what happens while nobody does what the node asks of people. */
export interface EscalationPlan {
  readonly what: 'assign' | 'notify' | 'run' | 'answer' | 'fail';
  /** People and groups; null where a function of the run says it, or it names none. */
  readonly whom: readonly string[] | null;
  /** The id of the handler that it runs. */
  readonly handler: string | null;
  /** Since the step before it, in milliseconds; null in business time. */
  readonly afterMs: number | null;
  /** As it was written, where it is in business time. */
  readonly after: string | null;
}

export interface NodeKind<Definition extends NodeDefinition = NodeDefinition> {
  readonly kind: Definition['kind'];
  /** The branches of the definition; absent for leaves, undefined for a control node without any. */
  readonly bodies?: (definition: Definition) => readonly BodyDefinition[] | undefined;
  /** True when the run may go on behind the node without any of its branches. */
  readonly mayTakeNone?: (definition: Definition) => boolean;
  /** True when it stands beside the flow and holds nothing up: drawings leave it out. */
  readonly isAside?: true;
  /** The class that the container must provide: a step's handler, a screen, a source of records. */
  readonly handler?: (definition: Definition) => Type<unknown> | undefined;
  /** What undoes the node, when it has completed and its run fails or is canceled: it stands beside the flow. */
  readonly undo?: (definition: Definition) => NodeDefinition | null;
  /** The queue that the node is executed on; null for the run's own. */
  readonly queue?: (definition: Definition) => string | null;
  /** The event that the node appends. */
  readonly emits?: (definition: Definition) => string | undefined;
  /** The event that the node waits for. */
  readonly listens?: (definition: Definition) => { readonly event: string; readonly external: boolean };
  /** The workflow whose runs the node starts. */
  readonly starts?: (definition: Definition) => string;
  /** What failed before this branch of the node, and is dealt with in it. */
  readonly failureBefore?: (node: GraphNode<Definition>, body: Body, iteration: string, decision: Decision) => StepFault | undefined;
  /**
   * Pure: says how the node stands and what has to be done next. Calls no author code.
   *
   * @param state the node's own; undefined before its first fact
   */
  readonly advance: (node: GraphNode<Definition>, iteration: string, decision: Decision, state: NodeState | undefined) => Outcome;
  /**
   * Calls the author's pure functions (conditions, payloads, props) for an `evaluate` action and returns facts, so that a later deploy
   * cannot change a choice already made. What it throws ends the run as failed, visibly.
   */
  readonly evaluate?: (
    node: GraphNode<Definition>,
    iteration: string,
    purpose: string,
    context: EvaluateContext,
  ) => Promise<readonly FactDraft[]>;
  /** How far a node is that has much to do; undefined while it does not know. */
  readonly progress?: (state: NodeState) => NodeProgress | undefined;
  /** What happens in turn while nobody does what the node asks of people. */
  readonly escalations?: (definition: Definition) => readonly EscalationPlan[];
  /** The text in drawings of the graph. */
  readonly label: (definition: Definition) => string;
  /** What the author set that drawings tell; null for what was left alone. Milliseconds end in `Ms`, those since 1970 in `At`. */
  readonly options?: (definition: Definition) => Readonly<Record<string, Json>>;
}
