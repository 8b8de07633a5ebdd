import { StepwellError } from '@stepwell/contracts';
import { type TimeSpan, timeSpan, type TimeSpanText } from '../calendar/time-span.js';
import { type ColumnDefinition, columnDefinitions, type Columns } from '../columns.js';
import { checkId } from '../check-id.js';
import { type DurationText, parseDuration } from '../duration.js';
import { OWN_WORK, type OwnWork } from '../deciding.js';
import { screenMetadata } from '../decorators.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { AnyScreen, ScreenAccepts } from '../handlers.js';
import { type OptionNames, refuseUnknown } from '../known-options.js';
import type { ReadContext } from '../read-context.js';
import type { AnswerOf } from '../results.js';
import { SCREEN_FIELDS } from '../placed-options.js';
import type { Type } from '../type.js';
import { type AssignmentOf, assignmentOf, type AssignmentOptions, type OfRun } from './screen-assignment.js';
import { type Escalation, type EscalationStep, escalationSteps } from './screen-escalation.js';
import { type ReviewOptions, type ReviewPolicy, reviewPolicy, reviewsAmong } from './screen-reviews.js';

export const PRIORITIZED_BY = ['operators', 'reviewers'] as const;
export type PrioritizedBy = (typeof PRIORITIZED_BY)[number];

export interface ScreenPlacement<In = never, Answer = never> extends AssignmentOptions<In> {
  readonly id?: string;
  /** How long after it opens the task is due: `'4h'`, or in business time `'2bd'`. */
  readonly due?: TimeSpanText;
  /** When it should be looked at again: `'1bd'` after it opens. */
  readonly followUp?: TimeSpanText;
  /**
   * For so long whoever decides may take it back, and the run is told of nothing: `'10s'`, from a second to an hour. Default: not at all.
   */
  readonly undoWindow?: DurationText;
  /**
   * With `'refused'` nobody decides who has started the run or what led to it: what caused it, its parent, the run that it retries; nor a
   * key that such a person made. Default: `'allowed'`, so that who is alone is not locked out.
   */
  readonly ownWork?: OwnWork;
  /** Several people answer, each without the others: `{ required: 2 }` is a second review. Not with an undo window. */
  readonly reviews?: ReviewOptions<Answer>;
  /** Higher comes first in the inbox; a whole number, default 0, or a function of the run that is asked once. */
  readonly priority?: OfRun<In, number>;
  /** Who may change the priority of a task that waits: operators, or with `'reviewers'` whoever it is for, too. Default: `'operators'`. */
  readonly prioritizedBy?: PrioritizedBy;
  /** What happens while nobody decides: `[{ after: '4h', assign: { candidateGroups: ['leads'] } }, { after: '1bd', fail: 'Nobody looked.' }]`. */
  readonly escalate?: readonly Escalation<In>[];
  /** While a run stands here: overrides columns of the workflow in their place, and adds others after them. */
  readonly columns?: Columns<In>;
}

export interface ScreenNode extends NodeBase {
  readonly kind: 'screen';
  readonly screen: Type<AnyScreen>;
  readonly title: string;
  readonly instructions: string | null;
  readonly due: TimeSpan | null;
  readonly undoMs: number | null;
  readonly followUp: TimeSpan | null;
  readonly refusesOwnWork: boolean;
  /** Null: whoever answers decides. */
  readonly reviews: ReviewPolicy | null;
  /** Asked once, when the task opens; throws for what is no whole number. */
  readonly priority: (ctx: ReadContext<never>) => number;
  /** Where it is the same for every run. */
  readonly fixedPriority: number | null;
  readonly prioritizedBy: PrioritizedBy;
  /** Null when nobody is named. */
  readonly assignment: AssignmentOf | null;
  readonly escalations: readonly EscalationStep[];
  readonly columns: readonly ColumnDefinition[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    screen: ScreenNode;
  }
  interface Flow<In> {
    /** Puts a task before a reviewer and waits for the answer, which becomes this node's output. */
    screen<S extends AnyScreen>(screen: Type<S> & ScreenAccepts<S, In>, options?: ScreenPlacement<In, AnswerOf<S>>): Flow<In>;
  }
}

const PLACEMENT: OptionNames<ScreenPlacement> = {
  ...{ id: true, due: true, followUp: true, undoWindow: true, ownWork: true, reviews: true, priority: true, prioritizedBy: true },
  ...{ escalate: true, columns: true, assignee: true, candidateUsers: true, candidateGroups: true },
};

/** Far more levels than anybody tells apart, and safely a number of the database. */
const HIGHEST_PRIORITY = 1_000_000;

/** Shorter ones nobody can use; a longer one is a step of its own, at which the run waits where people see it. */
const [SHORTEST_UNDO_MS, LONGEST_UNDO_MS] = [1_000, 3_600_000];

function undoWindow(text: DurationText, where: string): number {
  const ms = parseDuration(text, where);
  if (ms < SHORTEST_UNDO_MS || ms > LONGEST_UNDO_MS)
    throw new StepwellError('OPTION_INVALID', { where, reason: `"${text}" is not between a second and an hour.` });
  return ms;
}

function reviews(
  { reviews: options, undoWindow: window, assignee, candidateUsers, candidateGroups }: ScreenPlacement,
  where: string,
): ReviewPolicy | null {
  const policy = reviewPolicy(options, `${where}, reviews`);
  if (policy && window !== undefined)
    throw new StepwellError('OPTION_INVALID', {
      where,
      reason: 'it has reviews and an undoWindow: an answer that was compared with others is not taken back. Leave one of them out.',
    });
  if (policy && typeof assignee === 'string' && candidateUsers === undefined && candidateGroups === undefined)
    reviewsAmong(policy, { assignee, candidateUsers: null, candidateGroups: null }, `${where}, reviews`);
  return policy;
}

function ownWork(given: OwnWork | undefined, where: string): OwnWork {
  if (given === undefined || OWN_WORK.includes(given)) return given ?? 'allowed';
  throw new StepwellError('OPTION_INVALID', { where, reason: `ownWork is "${String(given)}"; it is ${OWN_WORK.join(' or ')}.` });
}

function prioritizedBy(given: PrioritizedBy | undefined, where: string): PrioritizedBy {
  if (given === undefined || PRIORITIZED_BY.includes(given)) return given ?? 'operators';
  throw new StepwellError('OPTION_INVALID', {
    where,
    reason: `prioritizedBy is "${String(given)}"; it is ${PRIORITIZED_BY.join(' or ')}.`,
  });
}

FlowBuilder.prototype.screen = function (this: FlowBuilder<unknown>, screen: Type<AnyScreen>, options: ScreenPlacement = {}) {
  const metadata = screenMetadata(screen);
  if (!metadata)
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}"`,
      reason: `${screen.name} has no @Screen({ id, title }) decorator.`,
    });
  const id = checkId(options.id ?? metadata.id);
  const where = `Workflow "${this.name}", screen "${id}"`;
  refuseUnknown(where, options, PLACEMENT, [
    { names: ['title', 'instructions', 'openBelow'], place: (option) => `the decorator: @Screen({ ${option}: ... })` },
    { names: SCREEN_FIELDS, place: (field) => `the class: readonly ${field} = ...` },
  ]);
  const { priority = 0 } = options;
  const span = (text: TimeSpanText | undefined, option: string) =>
    text === undefined ? null : timeSpan(text, this.options.calendar, `${where}, ${option}`);
  this.nodes.push({
    kind: 'screen',
    id,
    screen,
    title: metadata.title,
    instructions: metadata.instructions ?? null,
    due: span(options.due, 'due'),
    undoMs: options.undoWindow === undefined ? null : undoWindow(options.undoWindow, `${where}, undoWindow`),
    followUp: span(options.followUp, 'followUp'),
    refusesOwnWork: ownWork(options.ownWork, where) === 'refused',
    reviews: reviews(options, where),
    priority: typeof priority === 'function' ? (ctx) => checkedPriority(priority(ctx), where) : fixed(checkedPriority(priority, where)),
    fixedPriority: typeof priority === 'function' ? null : priority,
    prioritizedBy: prioritizedBy(options.prioritizedBy, where),
    assignment: assignmentOf(options, where),
    escalations: escalationSteps(options.escalate, this.options.calendar, { workflow: this.name, id, title: metadata.title, where }),
    columns: columnDefinitions(options.columns, where),
  });
  return this;
} as FlowBuilder<unknown>['screen'];

function checkedPriority(priority: number, where: string): number {
  if (Number.isInteger(priority) && Math.abs(priority) <= HIGHEST_PRIORITY) return priority;
  throw new StepwellError('OPTION_INVALID', {
    where,
    reason: `priority is ${priority}; it is a whole number from -${HIGHEST_PRIORITY} to ${HIGHEST_PRIORITY}.`,
  });
}

function fixed<T>(value: T): () => T {
  return () => value;
}
