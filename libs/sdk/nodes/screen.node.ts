import { StepwellError } from '@stepwell/contracts';
import { type TimeSpan, timeSpan, type TimeSpanText } from '../calendar/time-span.js';
import { type ColumnDefinition, columnDefinitions, type Columns } from '../columns.js';
import { checkId } from '../check-id.js';
import { type DurationText, parseDuration } from '../duration.js';
import { screenMetadata } from '../decorators.js';
import { FlowBuilder, type NodeBase } from '../flow.js';
import type { AnyScreen, ScreenAccepts } from '../handlers.js';
import type { Type } from '../type.js';

export interface ScreenPlacement<In = never> {
  readonly id?: string;
  /** How long after it opens the task is due: `'4h'`, or in business time `'2bd'`. */
  readonly due?: TimeSpanText;
  /**
   * For so long whoever decides may take it back, and the run is told of nothing: `'10s'`, from a second to an hour. Default: not at all.
   */
  readonly undoWindow?: DurationText;
  /** Higher comes first in the inbox; a whole number, default 0. */
  readonly priority?: number;
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
  readonly priority: number;
  readonly columns: readonly ColumnDefinition[];
}

declare module '../flow.js' {
  interface NodeDefinitions {
    screen: ScreenNode;
  }
  interface Flow<In> {
    /** Puts a task before a reviewer and waits for the answer, which becomes this node's output. */
    screen<S extends AnyScreen>(screen: Type<S> & ScreenAccepts<S, In>, options?: ScreenPlacement<In>): Flow<In>;
  }
}

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

FlowBuilder.prototype.screen = function (this: FlowBuilder<unknown>, screen: Type<AnyScreen>, options: ScreenPlacement = {}) {
  const metadata = screenMetadata(screen);
  if (!metadata)
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}"`,
      reason: `${screen.name} has no @Screen({ id, title }) decorator.`,
    });
  const id = checkId(options.id ?? metadata.id);
  const { priority = 0 } = options;
  if (!Number.isInteger(priority) || Math.abs(priority) > HIGHEST_PRIORITY) {
    throw new StepwellError('OPTION_INVALID', {
      where: `Workflow "${this.name}", screen "${id}"`,
      reason: `priority is ${priority}; it is a whole number from -${HIGHEST_PRIORITY} to ${HIGHEST_PRIORITY}.`,
    });
  }
  this.nodes.push({
    kind: 'screen',
    id,
    screen,
    title: metadata.title,
    instructions: metadata.instructions ?? null,
    due: options.due === undefined ? null : timeSpan(options.due, this.options.calendar, `Workflow "${this.name}", screen "${id}", due`),
    undoMs: options.undoWindow === undefined ? null : undoWindow(options.undoWindow, `Workflow "${this.name}", screen "${id}", undoWindow`),
    priority,
    columns: columnDefinitions(options.columns, `Workflow "${this.name}", screen "${id}"`),
  });
  return this;
} as FlowBuilder<unknown>['screen'];
