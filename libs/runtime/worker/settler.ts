/** Decides, evaluates and dispatches, until only handlers, waits or the end are left. Author code that throws here fails the run, visibly. */
import {
  type Action,
  decide,
  type Decision,
  displayOf,
  evaluate,
  type EvaluateAction,
  evaluationFailed,
  type FactDraft,
  type GraphReadContext,
  type HostedWorkflow,
  queueOf,
  type RunState,
} from '@stepwell/engine';
import { formSchemaOf, type StepNode } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import { faultOf } from './faults.js';
import { lotOf } from './lot-of.js';
import { startOf } from './start-of.js';
import type { ActivationHost } from './host.js';

/**
 * Facts of one commit, or a few more: a loop of nodes that take no time would hold up all other runs, and come to one commit without bound.
 * The first children of many are at work while the next ones are made.
 */
const MOST_AT_ONCE = 200;

export interface SettlerParts {
  readonly tenant: string;
  readonly runId: string;
  readonly host: Pick<ActivationHost, 'handlers' | 'random' | 'serves' | 'catalog' | 'entering'>;
  readonly hosted: HostedWorkflow;
  readonly state: RunState;
  readonly readContext: GraphReadContext;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ids of tasks whose decision is held. */
  readonly held: () => ReadonlySet<string>;
  /** Applies a fact to the state and has it written. */
  readonly record: (draft: FactDraft) => void;
  /** Of actions that were begun: asked again by every decision until they end. */
  readonly hasBegun: (key: string) => boolean;
}

export class Settler {
  constructor(private readonly parts: SettlerParts) {}

  /**
   * No promise where no author code is called: most steps need none.
   *
   * @param mayAsk author code; while a transaction of a step is open nobody knows how long that would keep it idle
   * @param recorded so many facts already
   * @returns an unsettled decision when there is much to be recorded, or somebody to be asked who may not be: commit, and settle again
   */
  settle(mayAsk: boolean, recorded = 0): Decision | Promise<Decision> {
    const { hosted, state, now, held } = this.parts;
    for (;;) {
      const decision = decide(hosted.graph, state, now(), held());
      const free = decision.actions.find((action) => action.type === 'record' || action.type === 'evaluate');
      if (free && (recorded >= MOST_AT_ONCE || (free.type === 'evaluate' && !mayAsk))) return decision;
      if (free?.type === 'evaluate') return this.evaluate(free).then((count) => this.settle(mayAsk, recorded + Math.max(count, 1)));
      if (free) for (const fact of free.facts) this.parts.record(fact);
      else if (!this.dispatchOther(decision.actions)) return decision;
      // What comes to nothing is a turn, too: else nothing would end one that is asked again and again.
      recorded += Math.max(free?.facts.length ?? 1, 1);
    }
  }

  /** @returns how many facts came of it */
  private async evaluate(action: EvaluateAction): Promise<number> {
    const { tenant, runId, host, hosted, state, readContext, now, record } = this.parts;
    const { node, iteration } = action;
    host.entering({ tenant, runId, node, iteration, attempt: 0 });
    try {
      const facts = await evaluate(action, {
        workflow: hosted.definition.name,
        state,
        now: now(),
        random: host.random(),
        lotOf,
        read: readContext.at(node, iteration),
        readAt: (other, inside) => readContext.at(other, inside),
        displayAt: (other, inside) => displayOf(hosted.graph, readContext, { node: other, iteration: inside }),
        newId: uuidV7,
        screen: (type) => host.handlers.screen(type),
        // Children of one run are of one version.
        startOf: (workflow, input) => startOf(host.catalog.toStart(workflow, { id: runId, input }), input),
        formOf: formSchemaOf,
        faultOf,
      });
      for (const fact of facts) record(fact);
      return facts.length;
    } catch (error) {
      record(evaluationFailed(action, faultOf(error)));
      return 1;
    }
  }

  /** Steps of queues that this worker does not serve become dispatches. */
  private dispatchOther(actions: readonly Action[]): boolean {
    const { host, record, hasBegun } = this.parts;
    let dispatched = false;
    for (const action of actions) {
      // What stands in for a step is part of the graph: any worker of the run has it.
      if (action.type !== 'execute' || action.standIn || hasBegun(action.key)) continue;
      const { path } = action.node;
      const queue = queueOf(action.node);
      if (queue === null || host.serves(queue)) continue;
      const { iteration, attempt, resumed } = action;
      const { priority } = action.node.definition as Partial<StepNode>;
      const dispatch = { id: uuidV7(), path, iteration, attempt, queue, priority: priority ?? undefined };
      const payload = { dispatchId: dispatch.id, queue, isResumed: resumed !== undefined };
      record({ type: 'step.dispatched', path, iteration, attempt, payload, effects: { dispatch } });
      dispatched = true;
    }
    return dispatched;
  }
}
