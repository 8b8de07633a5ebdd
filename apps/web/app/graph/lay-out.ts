// Where each node of a graph is drawn. A graph is built of sequences and of control nodes with branches, each within another, so its
// drawing follows from it exactly: a sequence is a column, a control node is a frame, its branches are lanes side by side, and below them
// the one that comes last, if there is one. Every line then goes straight down. Nothing is measured on the page and nothing is guessed, so the same graph always looks the same.
import type { DrawnGraph, DrawnNode } from './graph.fragment.js';

export interface Box {
  /** The path of a node; of everything else a name that no path can have. */
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly shape: BoxShape;
}

export type BoxShape =
  | { readonly is: 'leaf' | 'frame'; readonly node: DrawnNode }
  /** The head of a lane. */
  | { readonly is: 'branch'; readonly label: string }
  /** Where a run goes on without any branch; where it begins and ends. */
  | { readonly is: 'pass' | 'terminal'; readonly label: string };

export interface Line {
  readonly from: string;
  readonly to: string;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Frames before what is in them. */
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

const LEAF = { width: 236, height: 50 };
const TERMINAL = { width: 64, height: 26 };
const PASS = { width: 92, height: 26 };
const BRANCH_HEIGHT = 24;
const FRAME_HEAD = 36;
/** Of what happens while a node waits, where that is drawn in it. */
export const CHAIN_LINE = 20;
const CHAIN_END = 8;
const PAD = 14;
/** Between nodes of a column, and between lanes. */
const DOWN = 26;
const ACROSS = 14;

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Lane extends Size {
  readonly id: string;
  readonly label: string;
  readonly nodes: readonly DrawnNode[];
  /** A lane of nothing, for an if that may take no arm. */
  readonly isPass: boolean;
  /** It comes after the others. */
  readonly isLast: boolean;
}

/** @param linesIn how many lines more than its own words a node has, by its path */
export function layOut(graph: DrawnGraph, linesIn: (path: string) => number = () => 0): GraphLayout {
  const chainHeight = ({ path }: DrawnNode): number => (linesIn(path) === 0 ? 0 : linesIn(path) * CHAIN_LINE + CHAIN_END);
  const bodies = new Map<string, DrawnNode[]>();
  for (const node of graph.nodes) {
    const key = bodyKey(node.parent, node.branch);
    bodies.set(key, [...(bodies.get(key) ?? []), node]);
  }
  const boxes: Box[] = [];
  const lines: Line[] = graph.edges.map(({ from, to, branch }) => ({ from: branch === null ? from : laneId(from, branch), to }));

  const known = new Map<DrawnNode, readonly Lane[]>();
  const lanesOf = (node: DrawnNode): readonly Lane[] => {
    let lanes = known.get(node);
    if (!lanes) known.set(node, (lanes = freshLanes(node)));
    return lanes;
  };
  const freshLanes = (node: DrawnNode): Lane[] => {
    const lanes = node.branches.map(({ segment, label }) => {
      const nodes = bodies.get(bodyKey(node.path, segment)) ?? [];
      const { width, height } = columnSize(nodes);
      const isLast = node.kind === 'try' && segment === 'finally';
      return { id: laneId(node.path, segment), label, nodes, isPass: false, isLast, width, height: BRANCH_HEIGHT + DOWN + height };
    });
    if (!node.mayTakeNone || node.branches.some(({ repeats }) => repeats)) return lanes;
    const rest = restOf(node);
    const pass = { id: laneId(node.path, 'none'), label: rest ?? 'otherwise', nodes: [], isPass: true, isLast: false };
    return [...lanes, { ...pass, width: rest ? LEAF.width : PASS.width, height: BRANCH_HEIGHT + DOWN + PASS.height }];
  };
  const sizeOf = (node: DrawnNode): Size => {
    const lanes = lanesOf(node);
    const chain = chainHeight(node);
    if (lanes.length === 0) return { width: LEAF.width, height: LEAF.height + chain };
    const rows = rowsOf(lanes);
    const width = Math.max(...rows.map(widthOf)) + 2 * PAD;
    const height = rows.reduce((sum, row) => sum + heightOf(row), (rows.length - 1) * DOWN);
    return { width: Math.max(width, LEAF.width), height: FRAME_HEAD + chain + height + PAD };
  };
  const columnSize = (nodes: readonly DrawnNode[]): Size => {
    const sizes = nodes.map(sizeOf);
    return {
      width: Math.max(0, ...sizes.map(({ width }) => width)),
      height: sizes.reduce((sum, { height }) => sum + height, Math.max(0, nodes.length - 1) * DOWN),
    };
  };

  /** @param middle the line on which its nodes are centred */
  const placeColumn = (nodes: readonly DrawnNode[], middle: number, top: number): void => {
    let y = top;
    for (const node of nodes) {
      const size = sizeOf(node);
      placeNode(node, size, middle - size.width / 2, y);
      y += size.height + DOWN;
    }
  };
  const placeNode = (node: DrawnNode, { width, height }: Size, x: number, y: number): void => {
    const lanes = lanesOf(node);
    boxes.push({ id: node.path, x, y, width, height, shape: { is: lanes.length > 0 ? 'frame' : 'leaf', node } });
    let top = y + FRAME_HEAD + chainHeight(node);
    for (const row of rowsOf(lanes)) {
      let left = x + (width - widthOf(row)) / 2;
      for (const lane of row) {
        placeLane(lane, left, top);
        left += lane.width + ACROSS;
      }
      top += heightOf(row) + DOWN;
    }
  };
  const placeLane = (lane: Lane, x: number, y: number): void => {
    const { id, label, width } = lane;
    const below = y + BRANCH_HEIGHT + DOWN;
    boxes.push({ id, x, y, width, height: BRANCH_HEIGHT, shape: { is: 'branch', label } });
    if (lane.isPass) {
      const pass = `${id}#pass`;
      boxes.push({ id: pass, x: x + (width - PASS.width) / 2, y: below, ...PASS, shape: { is: 'pass', label: 'goes on' } });
      lines.push({ from: id, to: pass });
    }
    placeColumn(lane.nodes, x + width / 2, below);
  };

  const top = bodies.get(bodyKey(null, null)) ?? [];
  const { width, height } = columnSize(top);
  const whole = Math.max(width, LEAF.width);
  const terminal = (id: string, label: string, y: number) =>
    boxes.push({ id, x: (whole - TERMINAL.width) / 2, y, ...TERMINAL, shape: { is: 'terminal', label } });
  const first = TERMINAL.height + DOWN;
  terminal('#start', 'Start', 0);
  placeColumn(top, whole / 2, first);
  const end = first + height + DOWN;
  terminal('#end', 'End', end);
  lines.push({ from: '#start', to: top[0]?.path ?? '#end' }, ...top.slice(-1).map(({ path }) => ({ from: path, to: '#end' })));
  return { width: whole, height: end + TERMINAL.height, boxes, lines };
}

/** The variants of a split that do nothing, by name; an if has none for where it takes no arm. */
function restOf({ options }: DrawnNode): string | undefined {
  const rest = typeof options === 'object' && options !== null && !Array.isArray(options) ? options['rest'] : undefined;
  return typeof rest === 'string' ? rest : undefined;
}

function rowsOf(lanes: readonly Lane[]): readonly (readonly Lane[])[] {
  return [lanes.filter(({ isLast }) => !isLast), lanes.filter(({ isLast }) => isLast)].filter((row) => row.length > 0);
}

function widthOf(row: readonly Lane[]): number {
  return row.reduce((sum, lane) => sum + lane.width, (row.length - 1) * ACROSS);
}

function heightOf(row: readonly Lane[]): number {
  return Math.max(...row.map((lane) => lane.height));
}

function bodyKey(parent: string | null, branch: string | null): string {
  return `${parent ?? ''}#${branch ?? ''}`;
}

function laneId(path: string, segment: string): string {
  return `${path}#${segment}`;
}
