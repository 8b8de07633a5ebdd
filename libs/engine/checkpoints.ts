/**
 * Checkpoints: places in a journal behind which another run may go on. A run was in each of these states once, so a fold of the facts up to
 * one is the run as it was then, whatever ran beside; nothing is stored for it.
 */
import type { Json } from '@stepwell/contracts';
import { fold } from './apply.js';
import type { Fact } from './facts/fact.js';
import type { NodeRef } from './facts/retry.facts.js';
import { nodeKey } from './graph/iteration.js';
import { emptyState, type RunState } from './run-state.js';
import { sameJson } from './same-json.js';

/** Facts behind which a checkpoint stands: a node has come to an output, or a step has saved how far it has come. */
export const CHECKPOINT_FACTS: readonly string[] = [
  'step.completed',
  'incident.resolved',
  'task.completed',
  'wait.completed',
  'event.consumed',
  'checkpoint.saved',
];

export interface CheckpointOutput extends NodeRef {
  readonly output: Json;
}

/** What a run knew at a checkpoint. */
export interface CheckpointContext {
  readonly input: Json;
  /** Of nodes that had completed, in the order in which they were reached. */
  readonly outputs: readonly CheckpointOutput[];
  /** What steps without an output had saved. */
  readonly saved: readonly CheckpointOutput[];
}

/**
 * @param facts the journal of the run, at least up to there
 * @returns undefined when there is no checkpoint with this number
 * @throws Error when this build cannot fold the journal
 */
export function contextAt(facts: readonly Fact[], seq: number): CheckpointContext | undefined {
  if (!isCheckpoint(facts[seq - 1])) return undefined;
  const state = fold(facts.slice(0, seq), emptyState({ keepsAll: true }));
  const saved = new Map<string, CheckpointOutput>();
  for (const fact of facts.slice(0, seq)) {
    const { type, path, iteration } = fact;
    const value = type === 'checkpoint.saved' ? state.saved.get(path, iteration) : undefined;
    if (value !== undefined) saved.set(nodeKey(path, iteration), { path, iteration, output: value });
  }
  return { input: state.input, outputs: outputsOf(state), saved: [...saved.values()] };
}

/** What a run that lives knew when it had come to a fact: turns that its loops have left are not in it. */
export function contextBehind(state: RunState, seq: number): CheckpointContext {
  const saved = [...state.saved].map(([key, output]) => {
    const [path = '', iteration = ''] = key.split('#');
    return { path, iteration, output };
  });
  return { input: state.input, outputs: outputsOf(state, seq), saved };
}

function outputsOf({ nodes }: RunState, until = Infinity): CheckpointOutput[] {
  return [...nodes.values()].flatMap(({ phase, path, iteration, output, endedSeq = 0 }) =>
    phase === 'completed' && endedSeq <= until ? [{ path, iteration, output: output ?? null }] : [],
  );
}

export function isCheckpoint(fact: Fact | undefined): boolean {
  return fact !== undefined && CHECKPOINT_FACTS.includes(fact.type);
}

/** How one checkpoint differs from another: a value that only one of them has is undefined in the other. */
export interface CheckpointChange extends NodeRef {
  readonly what: 'input' | 'output' | 'saved';
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export function changesBetween(before: CheckpointContext, after: CheckpointContext): CheckpointChange[] {
  const input = { what: 'input', path: '', iteration: '', before: before.input, after: after.input } as const;
  return [
    ...(sameJson(before.input, after.input) ? [] : [input]),
    ...changesOf('output', before.outputs, after.outputs),
    ...changesOf('saved', before.saved, after.saved),
  ];
}

function changesOf(
  what: CheckpointChange['what'],
  before: readonly CheckpointOutput[],
  after: readonly CheckpointOutput[],
): CheckpointChange[] {
  const keyOf = ({ path, iteration }: NodeRef) => nodeKey(path, iteration);
  const [old, young] = [before, after].map((list) => new Map(list.map((one) => [keyOf(one), one]))) as [Map<string, CheckpointOutput>, Map<string, CheckpointOutput>]; // prettier-ignore
  return [...new Map([...old, ...young])].flatMap(([key, { path, iteration }]) => {
    const change = { what, path, iteration, before: old.get(key)?.output, after: young.get(key)?.output };
    return sameJson(change.before, change.after) ? [] : [change];
  });
}
