/** Nodes that are to be injected into a run, from whomever: checked as a whole before anything of them is accepted. */
import { type FieldError, findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import {
  bodiesAround,
  type Graph,
  type GraphNode,
  type HostedWorkflow,
  injectPoints,
  isCanceled,
  type NodeRef,
  type NodesToInject,
  outerIteration,
  type RunState,
  whyNotInjected,
} from '@stepwell/engine';
import { type InjectableStep, injectedStep, type InjectNode, Injection, stepMetadata, validated } from '@stepwell/sdk';
import { MAX_VALUE_BYTES } from '../worker/checked-output.js';

export interface InjectionRequest {
  readonly nodes: unknown;
  readonly position?: unknown;
  /** The id of the inject point. */
  readonly at?: string | undefined;
}

/** Who injects. */
export interface Injector {
  /** The step; undefined for somebody outside. */
  readonly node?: GraphNode;
  /** Which turn of the loops around it is meant of a point. */
  readonly iterationOf: (point: GraphNode) => string;
  /** What the same step has injected before. */
  readonly before?: readonly NodesToInject[];
}

type Point = GraphNode<InjectNode>;

/**
 * @param state of the run
 * @throws StepwellError INJECTION_INVALID (with the fields), INJECTION_NOT_ALLOWED, INJECTION_HANDLER_UNKNOWN, INJECTION_ID_TAKEN,
 *   INJECTION_LIMIT, INJECTION_TOO_LATE
 */
export async function checkedInjection(
  { graph, definition }: Pick<HostedWorkflow, 'graph' | 'definition'>,
  state: RunState,
  { nodes, position, at: pointId }: InjectionRequest,
  { node: step, iterationOf, before = [] }: Injector,
): Promise<NodesToInject> {
  const shape = { nodes, ...(position === undefined || position === null ? {} : { position }) };
  const bad = findNonJson(shape);
  if (bad) throw invalid([{ path: bad.path, message: bad.reason }]);
  const checked = await validated(Injection, shape);
  if (!checked.ok) throw invalid(checked.fields);
  const bytes = Buffer.byteLength(JSON.stringify(shape));
  if (bytes > MAX_VALUE_BYTES) throw invalid([{ path: 'nodes', message: `they have ${bytes} bytes; at most ${MAX_VALUE_BYTES} are kept` }]);
  const given = shape.nodes as readonly { id: string; handler: string; params?: Json; options?: Json }[];
  const point = pointOf(graph, pointId, step);
  const fields: FieldError[] = [];
  for (const [index, { id, handler, params, options }] of given.entries()) {
    const injectable = injectableAt(graph, point, handler);
    if (given.findIndex((other) => other.id === id) < index)
      throw new StepwellError('INJECTION_ID_TAKEN', { id, by: 'another one of them' });
    if (graph.byId.has(id)) throw new StepwellError('INJECTION_ID_TAKEN', { id, by: 'a node of the workflow' });
    fields.push(...(await wrongParams(injectable, params, `nodes.${index}.params`)));
    fields.push(...wrongOptions(injectable, { id, options }, `nodes.${index}.options`));
  }
  if (fields.length > 0) throw invalid(fields);
  const at: NodeRef = { path: point.path, iteration: iterationOf(point) };
  const data = given.map(({ id, handler, params = null, options = null }) => ({ id, handler, params, options }));
  const injection = { at, nodes: data, position: position === 0 ? 0 : null, max: definition.maxInjected } as const;
  const by = step ? { path: step.path, iteration: iterationOf(step) } : null;
  const refusal = whyNotInjected(state, injection, by, before);
  if (refusal) throw refusal;
  if (isCanceled(point, at.iteration, state) || isTurnOver(point, at.iteration, state))
    throw new StepwellError('INJECTION_TOO_LATE', { point: point.id });
  return injection;
}

/**
 * Which turn of the loops around a point somebody outside means.
 *
 * @throws StepwellError INJECTION_INVALID when it is none of that point
 */
export function turnOf({ id, loops }: GraphNode, iteration: string): string {
  const depth = iteration === '' ? 0 : iteration.split('.').length;
  if (depth === loops.length && /^(\d+(\.\d+)*)?$/.test(iteration)) return iteration;
  const message = loops.length === 0 ? `"${id}" stands in no loop` : `"${id}" stands in ${loops.length} loops: say in which turn of each, as "0" or "2.0"`; // prettier-ignore
  throw invalid([{ path: 'iteration', message }]);
}

function pointOf(graph: Graph, id: string | undefined, step: GraphNode | undefined): Point {
  const points = injectPoints(graph);
  const around = step && [...bodiesAround(step)].find(({ owner }) => owner?.definition.kind === 'inject')?.owner;
  const [only] = points;
  const point = id === undefined ? (around ?? (points.length === 1 ? only : undefined)) : points.find((one) => one.id === id);
  if (point) return point as Point;
  if (!only) throw new StepwellError('INJECTION_NOT_ALLOWED', { reason: `workflow "${graph.workflow}" has no inject point.` });
  const names = points.map((one) => `"${one.id}"`).join(', ');
  const message = id === undefined ? `there are several inject points; name one of ${names}` : `"${id}" is no inject point; there is ${names}`; // prettier-ignore
  throw invalid([{ path: 'at', message }]);
}

function injectableAt(graph: Graph, point: Point, handler: string): InjectableStep {
  const { handlers } = point.definition;
  const found = handlers.find(({ name }) => name === handler);
  if (found) return found;
  const allowed = handlers.map(({ name }) => `"${name}"`).join(', ');
  if (!isKnown(graph, handler)) throw new StepwellError('INJECTION_HANDLER_UNKNOWN', { handler, allowed });
  const reason = `"${handler}" may not be injected at "${point.id}". What may: ${allowed}.`;
  throw new StepwellError('INJECTION_NOT_ALLOWED', { reason });
}

/** By the name of a node, or of a handler. */
function isKnown({ byId }: Graph, name: string): boolean {
  const isOf = ({ definition }: GraphNode) =>
    'handler' in definition && definition.handler !== undefined && stepMetadata(definition.handler as never)?.id === name;
  return byId.has(name) || [...byId.values()].some(isOf);
}

async function wrongParams({ name, params: type }: InjectableStep, params: Json | undefined, at: string): Promise<FieldError[]> {
  if (!type) return (params ?? null) === null ? [] : [{ path: at, message: `"${name}" takes no params` }];
  const checked = await validated(type, params ?? {});
  return checked.ok ? [] : checked.fields.map(({ path, message }) => ({ path: path === '' ? at : `${at}.${path}`, message }));
}

function wrongOptions({ step }: InjectableStep, { id, options }: { id: string; options?: Json | undefined }, path: string): FieldError[] {
  try {
    injectedStep(step, { id, options: (options ?? {}) as object });
    return [];
  } catch (error) {
    if (error instanceof StepwellError && error.code === 'OPTION_INVALID') return [{ path, message: error.message }];
    throw error;
  }
}

/** The state has forgotten it. */
function isTurnOver(point: GraphNode, iteration: string, { nodes }: RunState): boolean {
  return [...bodiesAround(point)].some(({ owner, repeats }) => {
    if (!owner || !repeats) return false;
    const depth = owner.loops.length;
    const turns = nodes.get(owner.path, outerIteration(iteration, depth))?.turns;
    return turns !== undefined && Number(iteration.split('.')[depth]) < turns;
  });
}

function invalid(fields: readonly FieldError[]): StepwellError {
  const reason = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new StepwellError('INJECTION_INVALID', { reason: `${reason}.` }, { fields });
}
