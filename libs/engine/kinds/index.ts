/**
 * The node kinds of this build. A new kind is:
 *   1. `sdk/nodes/<kind>.node.ts`: its definition, merged into `NodeDefinitions`, and its builder method, merged into `Flow`;
 *   2. `engine/kinds/<kind>.kind.ts`: how it stands, what it asks of the author, its branches, what it refers to;
 *   3. a line here, and one in `sdk/index.ts`.
 * When it stores facts of its own, their types are a file in `facts/` and a line in `facts/index.ts`; when it is executed as a handler,
 * its executor is a file in `runtime/worker/` and a line in `execute.ts`. Nothing else knows kinds by name: deciding, folding, reading,
 * drawing, dispatching, the boot checks and the store go by `NodeKind`. `new-kind.spec.ts` shows it with a loop.
 */
import type { GraphNode } from '../graph/graph.js';
import type { NodeKind } from '../graph/node-kind.js';
import { abSplitKind } from './ab-split.kind.js';
import { emitRecordsKind } from './emit-records.kind.js';
import { cancellationScopeKind } from './cancellation-scope.kind.js';
import { cancelOnKind } from './cancel-on.kind.js';
import { compensationKind } from './compensation.kind.js';
import { emitKind } from './emit.kind.js';
import { forEachKind } from './for-each.kind.js';
import { forEachRunKind } from './for-each-run.kind.js';
import { ifKind } from './if.kind.js';
import { injectKind } from './inject.kind.js';
import { loopKind } from './loop.kind.js';
import { parallelKind } from './parallel.kind.js';
import { raceKind } from './race.kind.js';
import { routerKind } from './router.kind.js';
import { screenKind } from './screen.kind.js';
import { stepKind } from './step.kind.js';
import { subWorkflowKind } from './sub-workflow.kind.js';
import { tryKind } from './try.kind.js';
import { waitForEventKind } from './wait-for-event.kind.js';
import { waitForSignalKind } from './wait-for-signal.kind.js';
import { waitKind } from './wait.kind.js';

// Each kind is written for its own definition; the registry forgets which, and `kindOf` hands back the right one by name.
export const NODE_KINDS = new Map<string, NodeKind>(
  [
    stepKind,
    compensationKind,
    screenKind,
    ifKind,
    parallelKind,
    routerKind,
    abSplitKind,
    forEachKind,
    forEachRunKind,
    loopKind,
    injectKind,
    raceKind,
    tryKind,
    cancellationScopeKind,
    subWorkflowKind,
    waitKind,
    waitForEventKind,
    waitForSignalKind,
    cancelOnKind,
    emitKind,
    emitRecordsKind,
  ].map((kind) => [kind.kind, kind as unknown as NodeKind]),
);

/** What the engine knows of a node's kind. */
export function kindOf(node: GraphNode): NodeKind {
  const kind = NODE_KINDS.get(node.definition.kind);
  if (!kind) throw new Error(`There is no node kind "${node.definition.kind}".`);
  return kind;
}
