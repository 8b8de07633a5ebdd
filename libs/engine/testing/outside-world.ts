/** What people, other workers and services may do to a run; each of it once, and also while the run's own worker is dead. */
import type { Json } from '@stepwell/contracts';
import type { ExecuteAction } from '../actions.js';
import type { EventWaitDraft, FactDraft } from '../facts/fact.js';
import type { Graph, GraphNode } from '../graph/graph.js';
import { incidentsOf } from '../timeline/incidents.js';
import type { MemoryDatabase } from './memory-database.js';

export type Settlement = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

export interface Answers {
  /** What people answer to the screen of a node. */
  readonly answer?: (node: GraphNode) => Json;
  /** Whether an event comes for a wait; default yes. */
  readonly sends?: boolean;
  /** An event that does not come by itself. */
  readonly unsent?: string;
  /** Whether people retry incidents; default no. */
  readonly retries?: boolean;
  /** What people say to a run that waits for a signal; default nothing. */
  readonly says?: { readonly name: string; readonly payload: Json };
  /** What a service says to the n-th question of a node, counting from 0; null for nothing, ever. */
  readonly settle?: (node: GraphNode, question: number) => Settlement | null;
}

/** One entry of a handler. */
export type Entered = Omit<ExecuteAction, 'type' | 'key'>;

/** One thing that may happen next. */
export interface Move {
  readonly name: string;
  readonly make: () => void | Promise<void>;
}

interface Question {
  readonly node: GraphNode;
  /** How many this node had asked before, in whatever attempt. */
  readonly number: number;
}

export class OutsideWorld {
  /** Questions to services that have not been answered, by async result id. */
  private readonly questions = new Map<string, Question>();
  private readonly asked = new Map<string, number>();
  /** Waits whose event has come; each gets one of its own. */
  private readonly sent = new Set<string>();

  /** @param execute runs a handler and gives its facts */
  constructor(
    private readonly graph: Graph,
    private readonly database: MemoryDatabase,
    private readonly answers: Answers,
    private readonly execute: (entered: Entered) => readonly FactDraft[],
  ) {}

  ask(id: string, node: GraphNode): void {
    const number = this.asked.get(node.path) ?? 0;
    this.asked.set(node.path, number + 1);
    this.questions.set(id, { node, number });
  }

  /** @param isListening whether the run waits for a signal */
  moves(isListening: boolean): Move[] {
    const { tasks, dispatches, waits, children } = this.database;
    return [
      ...[...tasks].map(([taskId, { path }]) => this.answering(taskId, this.node(path))),
      ...[...dispatches].map(([id, { path, iteration, attempt }]) =>
        this.finishing(id, { node: this.node(path), iteration, attempt, resumed: undefined }),
      ),
      ...[...waits.values()]
        .filter(({ id, event }) => this.answers.sends !== false && event !== this.answers.unsent && !this.sent.has(id))
        .map((wait) => ({ name: `event ${wait.event}`, make: () => this.send(wait) })),
      ...[...children].map(([id, child]) => ({
        name: `end the child of ${this.node(child.path).id}`,
        make: () => this.endChild(id, child.input),
      })),
      ...(isListening ? this.saying() : []),
      ...this.retrying(),
      ...[...this.questions].map(([id, question]) => ({ name: `settle ${question.node.id}`, make: () => this.settle(id, question) })),
    ];
  }

  private saying(): Move[] {
    const { says } = this.answers;
    if (!says || this.database.inbox.some(({ kind }) => kind === 'signal.received')) return [];
    return [{ name: `say ${says.name}`, make: () => this.database.append('signal.received', { ...says, by: null }) }];
  }

  private retrying(): Move[] {
    const { journal, inbox } = this.database;
    if (
      !this.answers.retries ||
      !journal.some(({ type }) => type === 'incident.opened') ||
      inbox.some(({ kind }) => kind === 'incident.retried')
    )
      return [];
    const incidents = incidentsOf(journal).map(({ path, iteration, attempt }) => ({ path, iteration, attempt }));
    const make = () => this.database.append('incident.retried', { incidents, by: null, reason: null });
    return incidents.length > 0 ? [{ name: 'retry the incidents', make }] : [];
  }

  private answering(taskId: string, node: GraphNode): Move {
    const make = () => {
      this.database.tasks.delete(taskId);
      this.database.append('task.completed', { taskId, answer: this.answers.answer?.(node) ?? null, by: null });
    };
    return { name: `answer ${node.id}`, make };
  }

  private finishing(dispatchId: string, entered: Entered): Move {
    const make = () => {
      this.database.dispatches.delete(dispatchId);
      this.database.append('dispatch.ended', { dispatchId, facts: this.execute(entered) as unknown as Json });
    };
    return { name: `finish ${entered.node.path} elsewhere`, make };
  }

  /** Each child gives back what it was given. */
  private endChild(id: string, input: Json): void {
    this.database.children.delete(id);
    this.database.append('child.ended', { childId: id, output: input });
  }

  private send({ id, event: name, match }: EventWaitDraft): void {
    this.sent.add(id);
    const event = { id: `event-for-${id}`, name, payload: match, emittedAt: '1970-01-01T00:00:00.000Z', idempotencyKey: null, runId: null };
    this.database.append('event.arrived', { waitId: id, event });
  }

  private settle(id: string, { node, number }: Question): void {
    this.questions.delete(id);
    const settlement = this.answers.settle ? this.answers.settle(node, number) : { ok: true, value: null };
    if (settlement) this.database.append('async-result.settled', { id, ...settlement });
  }

  private node(path: string): GraphNode {
    const node = this.graph.byPath.get(path);
    if (!node) throw new Error(`There is no node at ${path}.`);
    return node;
  }
}
