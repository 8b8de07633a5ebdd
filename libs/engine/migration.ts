/**
 * What becomes of a run when it goes on in another version of its workflow: a plan over its facts, made without the graph that it had, which
 * may be in no build any more. It refuses whatever it cannot carry over soundly, and says so by node.
 */
import { findNonJson, type Json } from '@stepwell/contracts';
import type { MigrationPlan } from '@stepwell/sdk';
import { apply, fold } from './apply.js';
import { standsOf } from './columns.js';
import type { Fact } from './facts/fact.js';
import type { EditedOutput } from './facts/fork.facts.js';
import { runMigrated, type RunMigratedPayload } from './facts/migration.facts.js';
import type { NodeRef } from './facts/retry.facts.js';
import type { Graph, GraphNode } from './graph/graph.js';
import { undoOf } from './graph/iteration.js';
import { ownerOfItemRun } from './graph/item-run.js';
import { undoableIn } from './kinds/loop.kind.js';
import { hasSettled, isBelow, type NodePhase, type NodeState, openNodes, openRowOf, type RunState } from './run-state.js';

export interface Migration {
  /** Without who and why. */
  readonly payload: Omit<RunMigratedPayload, 'by' | 'reason'>;
  /** Why the run cannot be migrated, one phrase for each node; none when it can be. */
  readonly problems: readonly string[];
  /** Where it waits before. */
  readonly waits: readonly NodeRef[];
  /** Where it stands then. */
  readonly stands: readonly NodeRef[];
  /** Nodes whose output is dropped. */
  readonly lost: readonly NodeRef[];
  /** Tasks and waits for events of removed nodes, by id: nobody needs them any more. */
  readonly closes: readonly string[];
}

/**
 * @param target of the newer version
 * @param kinds of the nodes of the older one by path, as far as they are known
 * @param facts the whole journal of a run of the older version that has not ended
 * @param now milliseconds since 1970
 * @throws Error when this build cannot fold it
 */
export function migrationOf(
  target: Graph,
  plan: MigrationPlan,
  kinds: ReadonlyMap<string, string>,
  facts: readonly Fact[],
  now: number,
): Migration {
  const state = fold(facts);
  const known = [...new Set([...kinds.keys(), ...[...state.nodes.values()].map(({ path }) => path)])];
  const moves = new Map<string, string>();
  const removed = new Set<string>();
  const problems = new Set<string>();
  const lost: NodeRef[] = [];
  const closes: string[] = [];
  const choices: RunMigratedPayload['choices'][number][] = [];
  const outputs: EditedOutput[] = [];
  const loops: (NodeRef & { readonly undoable: readonly string[] })[] = [];
  const waits = openNodes(state).map(({ path, iteration }) => ({ path, iteration }));
  if (state.ending ?? state.cancel ?? state.fault) problems.add('it is being ended');
  for (const { path } of state.holds.values()) problems.add(`it is stopped behind "${path}"; run that checkpoint first`);
  for (const own of [...state.nodes.values(), ...state.kept.values()]) {
    const { path, iteration } = own;
    const step = path.endsWith(UNDO) ? path.slice(0, -UNDO.length) : '';
    // An undo has no id: it goes where its step goes.
    const isUndo = step !== '' && (state.nodes.has(step, iteration) || state.kept.has(step, iteration));
    const id = idOf(isUndo ? step : path);
    const found = target.byId.get(plan.rename.get(id) ?? id);
    if (plan.remove.has(id) || (isUndo && found && !found.undo)) {
      removed.add(path);
      const row = openRowOf(own);
      if (row !== undefined) closes.push(row);
      if (own.output !== undefined) lost.push({ path, iteration });
      if (HELD_ELSEWHERE.has(own.phase) || isUncertain(own)) problems.add(`"${path}" is removed, but ${whatHolds(own)}`);
      continue;
    }
    const node = isUndo ? found?.undo : found;
    const problem = node
      ? problemOf(own, node, kinds.get(path))
      : `"${path}" is not in version ${target.version}, and the plan does not say what has become of it`;
    if (problem !== undefined) problems.add(problem);
    if (!node) continue;
    const to = ownerOfItemRun(path) === undefined ? node.path : path;
    if (to !== path) moves.set(path, to);
    const choice = choiceOf(own, node, target, plan, known);
    if (choice === GONE) problems.add(`the branch that "${path}" has taken is not in version ${target.version}, or in several`);
    else if (choice !== undefined && choice !== own.choice) choices.push({ path: to, iteration, choice });
    const undoable = own.turns === undefined ? [] : undoableIn(node.bodies);
    if (undoable.length > 0 || own.undoable) loops.push({ path: to, iteration, undoable });
    const upcast = isUndo ? undefined : plan.upcast.get(id);
    if (!upcast || own.output === undefined || !hasSettled(own)) continue;
    try {
      outputs.push({ path: to, iteration, output: checked(upcast(own.output)) });
    } catch (error) {
      problems.add(`the output of "${path}" cannot be upcast: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  // Also where the run has not come to the point.
  for (const [key, { nodes }] of state.injected) {
    const [path = '', iteration = ''] = key.split('#');
    const id = idOf(path);
    const point = target.byId.get(plan.rename.get(id) ?? id);
    if (plan.remove.has(id)) removed.add(path);
    else {
      const problem = whyNotInjectedAt({ path, iteration }, nodes, point, target);
      if (problem !== undefined) problems.add(problem);
      if (point && point.path !== path) moves.set(path, point.path);
    }
  }
  const moved = [...moves].map(([from, to]) => ({ from, to }));
  const payload = {
    from: plan.from,
    to: target.version,
    moved,
    removed: [...removed],
    choices,
    outputs,
    ...(loops.length > 0 ? { loops } : {}),
  };
  const stands = problems.size > 0 ? [] : standsAfter(state, target, payload, now);
  return { payload, problems: [...problems], waits, stands, lost, closes };
}

/**
 * @param facts those before a migration
 * @param removed the paths that it has removed
 * @returns what begins anew when it is undone: whose task or wait it had closed, and what the escalation of such a screen had run
 */
export function reopenedByUndo(facts: readonly Fact[], removed: readonly string[]): NodeRef[] {
  const nodes = [...fold(facts).nodes.values()];
  const closed = nodes.filter((node) => removed.includes(node.path) && openRowOf(node) !== undefined);
  return nodes
    .filter((node) => closed.some((one) => one === node || isBelow(node, one.path, one.iteration)))
    .map(({ path, iteration }) => ({ path, iteration }));
}

/** Whom others would tell of what they have in hand, under a path that is gone then. */
const HELD_ELSEWHERE: ReadonlySet<NodePhase> = new Set<NodePhase>(['dispatched', 'child']);

/** Between two attempts: the idempotency key of the next one is made of the path. */
const BETWEEN_ATTEMPTS: ReadonlySet<NodePhase> = new Set<NodePhase>(['retrying', 'begun', 'unknown', 'breached', 'incident']);

function isUncertain({ effect }: NodeState): boolean {
  return effect === 'begun' || effect === 'unknown';
}

function whatHolds(own: NodeState): string {
  const { phase } = own;
  if (phase === 'dispatched') return 'a worker of another queue has it; wait until it is done';
  if (phase === 'child') return 'it waits for a run that it has started; cancel that one first';
  return isUncertain(own) ? 'whether its effect happened is not known; resolve that first' : 'it is between two attempts';
}

function problemOf(own: NodeState, node: GraphNode, kind: string | undefined): string | undefined {
  const { path, iteration, phase, counts } = own;
  const { definition } = node;
  const owner = ownerOfItemRun(path);
  if (kind !== undefined && kind !== definition.kind) return `"${path}" was a ${kind} and is a ${definition.kind}`;
  if (phase === 'dispatched') return `"${path}" is at work: ${whatHolds(own)}`;
  if (owner !== undefined || node.path === path) return undefined;
  const depth = iteration === '' ? 0 : iteration.split('.').length;
  if (depth !== node.loops.length) return `"${path}" stands in ${depth} loops, and "${node.path}" in ${node.loops.length}`;
  if (counts !== undefined) return `"${path}" starts runs of its own, and keeps its place`;
  if (BETWEEN_ATTEMPTS.has(phase))
    return `"${path}" is between two attempts, and the next one would have another idempotency key; wait until it is done`;
  return undefined;
}

/**
 * The choice as the newer graph counts it: of a split or a router by name, of an if by where the nodes of the arm are now.
 *
 * @returns undefined when there is nothing to say of it, -2 when that branch is gone
 */
function choiceOf({ path, choice, taken, winner }: NodeState, node: GraphNode, target: Graph, plan: MigrationPlan, old: readonly string[]) {
  const { definition, bodies } = node;
  if (winner !== undefined) return bodies.some(({ segment }) => segment === winner) ? undefined : GONE;
  if (choice === undefined || choice < 0) return choice;
  if (definition.kind === 'ab-split') return orGone(definition.variants.findIndex(({ name }) => name === taken));
  if (definition.kind === 'router') return orGone(definition.routes.findIndex(({ name }) => name === taken));
  if (definition.kind !== 'if') return choice;
  const arm = `${path}/${choice}/`;
  const now = old.filter((one) => one.startsWith(arm)).map((one) => target.byId.get(plan.rename.get(idOf(one)) ?? idOf(one))?.path);
  const arms = bodies.flatMap((body, index) => (now.some((one) => one?.startsWith(`${body.path}/`)) ? [index] : []));
  return arms.length === 1 ? arms[0] : GONE;
}

function whyNotInjectedAt(
  { path, iteration }: NodeRef,
  nodes: readonly { readonly id: string; readonly handler: string }[],
  point: GraphNode | undefined,
  target: Graph,
): string | undefined {
  const depth = iteration === '' ? 0 : iteration.split('.').length;
  if (point?.definition.kind !== 'inject' || depth !== point.loops.length)
    return `nodes were injected at "${path}", and version ${target.version} has no such inject point`;
  const strange = nodes.find(({ handler }) => !point.bodies.some(({ segment }) => segment === handler));
  if (strange) return `"${strange.id}" was injected at "${path}" for the handler "${strange.handler}", which does not stand there in version ${target.version}`; // prettier-ignore
  const same = nodes.find(({ id }) => target.byId.has(id));
  return same && `"${same.id}" was injected, and is a node of version ${target.version}`;
}

const GONE = -2;

function orGone(index: number): number {
  return index < 0 ? GONE : index;
}

const UNDO = undoOf('');

/** Ids hold no slash, and stand at the end of a path. */
function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function checked(output: unknown): Json {
  const bad = findNonJson(output);
  if (bad) throw new Error(`it gives no JSON: at ${bad.path}, ${bad.reason}.`);
  return output as Json;
}

function standsAfter(state: RunState, target: Graph, payload: Migration['payload'], now: number): NodeRef[] {
  const fact = { seq: state.lastSeq + 1, type: runMigrated.type, version: 1, path: '', iteration: '', attempt: 0, at: now };
  apply(state, { ...fact, payload: { ...payload, by: null, reason: null } as unknown as Json });
  return standsOf(target, state, now).map(({ node, iteration }) => ({ path: node.path, iteration }));
}
