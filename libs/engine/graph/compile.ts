import { StepwellError } from '@stepwell/contracts';
import type { NodeDefinition, WorkflowDefinition } from '@stepwell/sdk';
import { checkColumnNames } from '../columns.js';
import { NODE_KINDS } from '../kinds/index.js';
import { checkAccess } from './check-access.js';
import { checkSignals } from './check-signals.js';
import type { Body, Graph, GraphNode } from './graph.js';
import { undoOf } from './iteration.js';
import type { BodyDefinition } from './node-kind.js';

/**
 * Compiles a definition and checks what can be checked without the container.
 *
 * @throws StepwellError STEP_DUPLICATE, BRANCH_EMPTY, OPTION_INVALID, each naming the place
 */
export function compile(definition: WorkflowDefinition): Graph {
  const byId = new Map<string, GraphNode>();
  const byPath = new Map<string, GraphNode>();

  const body = (owner: GraphNode | undefined, path: string, { segment, nodes, ...is }: BodyDefinition): Body => {
    if (nodes.length === 0)
      throw new StepwellError('BRANCH_EMPTY', {
        workflow: definition.name,
        problem: path === '' ? 'the graph is empty' : `the branch "${path}" is empty`,
      });
    const compiled: GraphNode[] = [];
    const { repeats = false, isShielded = false, isGuarded = false, isLast = false } = is;
    const made: Body = { path, segment, nodes: compiled, owner, repeats, isShielded, isGuarded, isLast };
    for (const one of nodes) compiled.push(node(made, one));
    return made;
  };

  const node = (parent: Body, one: NodeDefinition): GraphNode => {
    const kind = NODE_KINDS.get(one.kind);
    if (!kind)
      throw new StepwellError('OPTION_INVALID', {
        where: `Workflow "${definition.name}", node "${one.id}"`,
        reason: `there is no node kind "${one.kind}".`,
      });
    if (byId.has(one.id)) throw new StepwellError('STEP_DUPLICATE', { workflow: definition.name, id: one.id });
    const path = parent.path === '' ? one.id : `${parent.path}/${one.id}`;
    const bodies: Body[] = [];
    const undoing = kind.undo?.(one);
    const outer = parent.owner?.loops ?? [];
    const loops = parent.repeats ? [...outer, parent.path] : outer;
    const compiled: { -readonly [Key in keyof GraphNode]: GraphNode[Key] } = { definition: one, id: one.id, path, parent, loops, bodies };
    byId.set(one.id, compiled);
    byPath.set(path, compiled);
    if (undoing) byPath.set(undoOf(path), (compiled.undo = beside(compiled, undoing)));
    const branches = kind.bodies?.(one);
    if (branches?.length === 0)
      throw new StepwellError('BRANCH_EMPTY', { workflow: definition.name, problem: `the node "${path}" has no branch` });
    for (const branch of branches ?? []) bodies.push(body(compiled, `${path}/${branch.segment}`, branch));
    return compiled;
  };

  const graph = {
    workflow: definition.name,
    version: definition.version,
    root: body(undefined, '', { segment: '', nodes: definition.nodes }),
    byId,
    byPath,
    definition,
  };
  checkColumnNames(graph);
  checkAccess(graph);
  checkSignals(graph);
  return graph;
}

/** Under the node's own path; by its id it is not read. */
function beside(owner: GraphNode, definition: NodeDefinition): GraphNode {
  const nodes: GraphNode[] = [];
  const path = undoOf(owner.path);
  const parent: Body = { path, segment: 'undo', nodes, owner, repeats: false, isShielded: true, isGuarded: false, isLast: false };
  const node: GraphNode = { definition, id: definition.id, path, parent, loops: owner.loops, bodies: [] };
  nodes.push(node);
  return node;
}
