/**
 * When what a run has done has to be written before it goes on: the delivery modes, in one place. Facts that may stay behind are the outputs
 * of steps that are not `durable`, and the choices, lists and turns that follow from them. Everything else is a barrier, and takes all that
 * is behind it along: what brings rows (an event, a task, a child, a dispatch), what comes from the inbox, a wait, a failure, the end. So the
 * journal never has a fact without those before it; what a crash takes is its last stretch, and the run goes on from before that.
 */
import type { Json } from '@stepwell/contracts';
import { DURABLE, type DeliveryPolicy } from '@stepwell/sdk';
import type { FactDraft } from '../facts/fact.js';
import type { Graph } from '../graph/graph.js';

/** As many facts, and as much of payloads, as one commit still carries with ease. */
const MAX_FACTS = 5_000;
const MAX_BYTES = 1024 * 1024;

/** As durable as the fact before them, which they follow from. */
const FOLLOWING: ReadonlySet<string> = new Set(['branch.chosen', 'items.listed', 'loop.turned', 'inject.turned', 'step.skipped']);

/** What has been done since the last commit. */
export class Backlog {
  private facts = 0;
  private bytes = 0;
  private isDue = false;
  private passes: Map<string, number> | undefined;

  constructor(private readonly graph: Graph) {}

  /** False: it has to be written before any further handler begins. */
  get mayStay(): boolean {
    return this.facts > 0 && !this.isDue;
  }

  add(draft: FactDraft): void {
    this.facts++;
    this.isDue ||= this.isBarrier(draft);
  }

  written(): void {
    if (this.facts === 0) return;
    this.facts = 0;
    this.bytes = 0;
    this.isDue = false;
    this.passes?.clear();
  }

  private isBarrier({ type, path, payload, effects }: FactDraft): boolean {
    if (effects !== undefined) return true;
    // Behind what is in the journal already, a choice is written before it is acted on.
    const mayStay = type === 'step.completed' ? !isHeld(payload) && this.hasRoom(path) : FOLLOWING.has(type) && this.facts > 1;
    if (!mayStay) return true;
    this.bytes += JSON.stringify(payload).length;
    return this.facts >= MAX_FACTS || this.bytes >= MAX_BYTES;
  }

  private hasRoom(path: string): boolean {
    const { every } = deliveryOf(this.graph, path);
    if (every === 1) return false;
    this.passes ??= new Map();
    const count = (this.passes.get(path) ?? 0) + 1;
    this.passes.set(path, count);
    return count < every;
  }
}

/** Somebody is to be asked about it, and is told of what is durable only. */
function isHeld(payload: Json): boolean {
  return (payload as { readonly isHeld?: true }).isHeld === true;
}

/** How far the outputs of the node at this path may be behind. */
export function deliveryOf({ byPath, definition: workflow }: Graph, path: string): DeliveryPolicy {
  const definition = byPath.get(path)?.definition;
  if (definition?.kind !== 'step' || definition.policy.externalEffect || definition.compensation) return DURABLE;
  return definition.policy.delivery ?? workflow.delivery;
}
