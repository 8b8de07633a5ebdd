/** What happens while nobody decides a task: a chain of steps, each some time after the one before it. */
import { type Json, StepwellError } from '@stepwell/contracts';
import type { BusinessCalendar } from '../calendar/business-calendar.js';
import { type TimeSpan, timeSpan, type TimeSpanText } from '../calendar/time-span.js';
import { event } from '../event.js';
import type { AnyStep, StepHandler } from '../handlers.js';
import type { ReadContext } from '../read-context.js';
import type { Type } from '../type.js';
import { type AssignmentOf, assignmentOf, type AssignmentOptions, namesOf, type OfRun } from './screen-assignment.js';
import { handlerStep, type StepNode } from './step.node.js';

/** One step; it does one of these. What answers or fails is the last. */
export interface Escalation<In = never> {
  /** Since the step before it, the first since the task opened: `'4h'`, `'1bd'`; at least a minute. */
  readonly after: TimeSpanText;
  /** Gives the task to others: who had it may claim it no longer. A claim ends, the draft stays. */
  readonly assign?: AssignmentOptions<In>;
  /** Tells people or groups, by the event `TaskEscalated`: a workflow that starts on it does what is to be done. */
  readonly notify?: OfRun<In, readonly string[]>;
  /**
   * Runs a step handler, with the retries and the time-out of its decorator; `ctx.params` is an `EscalatedTask`. What it returns says what
   * becomes of the task (`EscalationOutcome`). The next step counts from its end; when it is out of attempts, that is noted, and the
   * chain goes on. A decision of the meantime stands, and ends it.
   */
  readonly run?: Type<EscalationHandler<In>>;
  /** Decides: what the screen's class takes, or a function of the run that gives it. */
  readonly answer?: object | ((ctx: ReadContext<In>) => object);
  /** The screen fails with `TASK_EXPIRED` and this reason, and the task is over. */
  readonly fail?: string;
}

/** What the handler of an escalation gets as its params. */
export interface EscalatedTask {
  readonly taskId: string;
  /** The id of the screen's class's place in the graph. */
  readonly screen: string;
  readonly title: string;
  /** How often the task was escalated, this time included. */
  readonly escalated: number;
}

/** What becomes of the task, as if the chain had said it there; nothing of both: it stays as it is. */
export interface EscalationOutcome {
  readonly assign?: { readonly [Option in keyof AssignmentOptions]?: Json };
  readonly answer?: Json;
}

export type EscalationHandler<In = never> = StepHandler<EscalationOutcome | null | undefined | void, In, EscalatedTask>;

export type EscalationStep = { readonly after: TimeSpan } & (
  | {
      readonly what: 'assign';
      readonly assignment: AssignmentOf;
      /** Null: it is a function of the run. */ readonly whom: readonly string[] | null;
    }
  | { readonly what: 'notify'; readonly names: (ctx: ReadContext<never>) => readonly string[]; readonly whom: readonly string[] | null }
  | { readonly what: 'run'; /** Stands in a branch of the screen of this name. */ readonly step: StepNode; readonly segment: string }
  | { readonly what: 'answer'; readonly answer: (ctx: ReadContext<never>) => unknown }
  | { readonly what: 'fail'; readonly reason: string }
);

export interface TaskEscalatedPayload {
  readonly taskId: string;
  readonly workflow: string;
  readonly screen: string;
  /** Whom to tell: names of people or groups. */
  readonly names: readonly string[];
  /** Which step of the chain, from 1. */
  readonly step: number;
}

/** An escalation that notifies: `startOn: [on(TaskEscalated, ...)]` runs what sends the message, files the ticket, calls the pager. */
export const TaskEscalated = event<TaskEscalatedPayload>('task.escalated');

/** What is over sooner is no escalation; it is also longer than a worker keeps a lease without a commit, so the task is there by then. */
const SHORTEST_MS = 60_000;
const MOST_STEPS = 20;
const WHAT = ['assign', 'notify', 'run', 'answer', 'fail'] as const;

/** @throws StepwellError OPTION_INVALID, naming the step and what it takes */
export function escalationSteps(
  chain: readonly Escalation<never>[] | undefined,
  calendar: BusinessCalendar | undefined,
  screen: ScreenPlace,
): readonly EscalationStep[] {
  if (chain && chain.length > MOST_STEPS) throw refused(screen.where, `escalate has ${chain.length} steps; at most ${MOST_STEPS}.`);
  return (chain ?? []).map((one, index) => {
    const where = `${screen.where}, escalate ${index + 1}`;
    const after = timeSpan(one.after, calendar, `${where}, after`);
    if (after.ms !== null && after.ms < SHORTEST_MS) throw refused(where, `after is "${one.after}"; it is at least a minute.`);
    if (/^\s*0/.test(one.after) && after.ms === null) throw refused(where, `after is "${one.after}"; it is at least a minute.`);
    const given = WHAT.filter((what) => one[what] !== undefined);
    const [what] = given;
    if (given.length !== 1 || what === undefined) throw refused(where, `it does one of ${WHAT.join(', ')}.`);
    if ((what === 'answer' || what === 'fail') && index < (chain?.length ?? 0) - 1)
      throw refused(where, `it ends the task by "${what}", so it is the last one.`);
    return { after, ...stepOf(one, where, { ...screen, escalated: index + 1 }) };
  });
}

type What = EscalationStep extends infer Step ? (Step extends unknown ? Omit<Step, 'after'> : never) : never;

/** Where the chain stands. */
interface ScreenPlace {
  readonly workflow: string;
  readonly id: string;
  readonly title: string;
  readonly where: string;
}

function stepOf({ assign, notify, run, answer, fail }: Escalation<never>, where: string, place: ScreenPlace & { escalated: number }): What {
  if (assign) {
    const assignment = assignmentOf(assign, where);
    if (!assignment) throw refused(where, 'assign names nobody.');
    const said = [assign.assignee, assign.candidateUsers, assign.candidateGroups];
    const isFixed = said.every((one) => typeof one !== 'function');
    return {
      what: 'assign',
      assignment,
      whom: isFixed ? said.flatMap((one) => one ?? []) : null,
    };
  }
  if (notify) {
    const names = (ctx: ReadContext<never>) => namesOf(typeof notify === 'function' ? notify(ctx) : notify, `${where}, notify`) ?? [];
    return { what: 'notify', names, whom: typeof notify === 'function' ? null : names(undefined as never) };
  }
  if (run) {
    const { workflow, id, title, escalated } = place;
    const params = (ctx: ReadContext<never>): EscalatedTask => ({ taskId: ctx.taskOf(id) ?? '', screen: id, title, escalated });
    const segment = `escalation-${escalated}`;
    return { what: 'run', segment, step: handlerStep(workflow, run as Type<AnyStep>, { id: `${id}-${segment}`, params }) };
  }
  if (answer)
    return { what: 'answer', answer: typeof answer === 'function' ? (answer as (ctx: ReadContext<never>) => unknown) : () => answer };
  return { what: 'fail', reason: fail ?? '' };
}

function refused(where: string, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where, reason });
}
