import { kindOf } from '../kinds/index.js';
import type { Body, Graph, GraphNode } from './graph.js';

/** The graph as Mermaid text: nodes by id, branches labelled, control nodes as diamonds. */
export function mermaid(graph: Graph): string {
  const lines = ['flowchart TD', '  start([start])'];
  const draw = (body: Body, from: readonly string[], label: string): string[] => {
    let heads = [...from];
    let edge = label;
    for (const node of body.nodes) {
      const name = node.path.replaceAll(/[^A-Za-z0-9_]/g, '_');
      lines.push(`  ${name}${shape(node)}`);
      for (const head of heads) lines.push(`  ${head} -->${edge === '' ? '' : `|${edge}|`} ${name}`);
      edge = '';
      const passes = node.bodies.length === 0 || kindOf(node).mayTakeNone?.(node.definition);
      const first = node.bodies.filter(({ isLast }) => !isLast).flatMap((inner) => draw(inner, [name], inner.segment));
      const last = node.bodies.filter(({ isLast }) => isLast);
      heads = [...last.reduce((ends, inner) => draw(inner, ends, inner.segment), first), ...(passes ? [name] : [])];
    }
    return heads;
  };
  for (const head of draw(graph.root, ['start'], '')) lines.push(`  ${head} --> done([end])`);
  return lines.join('\n');
}

function shape(node: GraphNode): string {
  const label = JSON.stringify(kindOf(node).label(node.definition).replaceAll('"', "'"));
  return node.bodies.length > 0 ? `{${label}}` : `[${label}]`;
}
