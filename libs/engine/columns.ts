/**
 * Columns: which values a list shows of a run, in which order, and what they are. Read when a list is read, and when a task opens, so that
 * the inbox can be filtered by them: what author code throws here can spoil a cell and nothing else.
 *
 * The workflow's own columns come first, as they were written. A step or screen at which the run stands gives a column of the same name
 * another value in the same place; names of its own come after the others. When a run stands at several places, the first of the graph
 * that has a column of the name gives it.
 */
import { findNonJson, StepwellError } from '@stepwell/contracts';
import type { ColumnDefinition } from '@stepwell/sdk';
import { decide } from './decide.js';
import type { Graph, GraphNode } from './graph/graph.js';
import { nodeKey } from './graph/iteration.js';
import type { GraphReadContext } from './read-context.js';
import { openNodes, type RunState } from './run-state.js';

/** A node at which a run stands, with the iteration of it. */
export interface Stand {
  readonly node: GraphNode;
  readonly iteration: string;
}

export interface ColumnCell {
  readonly name: string;
  /** Null when there is none, and when reading it failed. */
  readonly value: string | null;
  /** Why it could not be read. */
  readonly error: string | null;
}

/** A longer text is no value of a table; the run's page shows it whole. */
const MAX_LENGTH = 200;

/** @returns every column that runs of this workflow may have: the workflow's own, then those that steps and screens add, in their order */
export function columnNames(graph: Graph): readonly string[] {
  return [...new Set([...graph.definition.columns, ...[...graph.byPath.values()].flatMap(columnsAt)].map(({ name }) => name))];
}

/** @throws StepwellError OPTION_INVALID for two names that a reader cannot tell apart */
export function checkColumnNames(graph: Graph): void {
  const seen = new Map<string, string>();
  for (const name of columnNames(graph)) {
    const first = seen.get(name.toLowerCase());
    if (first !== undefined)
      throw new StepwellError('OPTION_INVALID', {
        where: `Workflow "${graph.workflow}", columns`,
        reason: `"${first}" and "${name}" differ in case only. Write both the same way, or rename one.`,
      });
    seen.set(name.toLowerCase(), name);
  }
}

/** @returns the steps and screens that a run has entered and not left, in the order of the graph */
export function standsOf(graph: Graph, state: RunState, now: number): readonly Stand[] {
  if (state.status !== 'running') return [];
  const stands = new Map<string, Stand>();
  const add = (node: GraphNode | undefined, iteration: string) => node && stands.set(nodeKey(node.path, iteration), { node, iteration });
  for (const { path, iteration } of openNodes(state)) add(graph.byPath.get(path), iteration);
  // What runs now has no fact yet.
  for (const action of decide(graph, state, now).actions)
    if (action.type === 'execute' || action.type === 'evaluate') add(action.node, action.iteration);
  const order = [...graph.byPath.keys()];
  return [...stands.values()].sort((a, b) => order.indexOf(a.node.path) - order.indexOf(b.node.path));
}

/**
 * Reads the columns of a run. Never throws.
 *
 * @param context that stands nowhere: of the run as a whole
 * @param stands where the run stands, first things first
 * @param onError is told of each cell that could not be read, with what its column threw
 */
export function readColumns(
  graph: Graph,
  context: GraphReadContext,
  stands: readonly Stand[],
  onError: (column: string, error: unknown) => void,
): readonly ColumnCell[] {
  const readers = new Map(graph.definition.columns.map((column) => [column.name, { column, at: context }]));
  for (const { node, iteration } of [...stands].reverse())
    for (const column of columnsAt(node)) readers.set(column.name, { column, at: context.at(node, iteration) });
  const order = columnNames(graph).filter((name) => readers.has(name));
  return order.flatMap((name) => {
    const reader = readers.get(name);
    return reader ? [cellOf(reader.column, reader.at, onError)] : [];
  });
}

/**
 * What the inbox finds a task by: the columns as they are where it stands, without those that are empty, could not be read, or cannot be stored. Never throws.
 *
 * @returns by name; `undefined` when the workflow has no columns
 */
export function displayOf(graph: Graph, context: GraphReadContext, stand: Stand): Readonly<Record<string, string>> | undefined {
  if (columnNames(graph).length === 0) return undefined;
  const cells = readColumns(graph, context, [stand], () => undefined);
  return Object.fromEntries(cells.flatMap(({ name, value }) => (value === null || findNonJson(value) ? [] : [[name, value]])));
}

function columnsAt({ definition }: GraphNode): readonly ColumnDefinition[] {
  return 'columns' in definition ? definition.columns : [];
}

function cellOf(
  { name, read }: ColumnDefinition,
  context: GraphReadContext,
  onError: (column: string, error: unknown) => void,
): ColumnCell {
  try {
    return { name, value: textOf(read(context)), error: null };
  } catch (error) {
    onError(name, error);
    return { name, value: null, error: messageOf(error) };
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value instanceof Promise) {
    // Nobody waits for it, and a rejection that nobody catches would end the process.
    value.catch(() => undefined);
    throw new TypeError('The column returned a promise; a column returns its text at once.');
  }
  const what = typeof value === 'object' ? 'an object' : typeof value === 'number' ? 'a number that is none' : `a ${typeof value}`;
  throw new TypeError(`The column returned ${what}; return text, a number or null.`);
}

function messageOf(error: unknown): string {
  try {
    return cut(String(error instanceof Error ? error.message : error));
  } catch {
    return 'The column threw something that has no text.';
  }
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
