import { Field, InputType, Int } from '@nestjs/graphql';
import { actorOf, type Viewer } from '@stepwell/access';
import type { ViewsActor } from '@stepwell/tasks';
import { DateTime } from '../wire/date-time.scalar.js';
import { TaskStatus, TaskWindow } from '../wire/enums.js';

@InputType('TaskTimes', { description: 'One of the windows, or a range.' })
export class TaskTimesInput {
  @Field(() => TaskWindow, { nullable: true })
  readonly is?: TaskWindow | null;

  @Field(() => DateTime, { nullable: true })
  readonly from?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Not in it.' })
  readonly until?: string | null;
}

@InputType('TaskAssignee', { description: 'Whose it is, assigned to or claimed by: exactly one of them.' })
export class TaskAssigneeInput {
  @Field(() => Boolean, { nullable: true })
  readonly me?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  readonly nobody?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The name that they sign in with.' })
  readonly name?: string | null;
}

@InputType('TaskPriorities', { description: 'From the lowest to the highest, either of which may be left out.' })
export class TaskPrioritiesInput {
  @Field(() => Int, { nullable: true })
  readonly min?: number | null;

  @Field(() => Int, { nullable: true })
  readonly max?: number | null;
}

@InputType('TaskColumn')
export class TaskColumnInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { description: 'The whole value, as the column shows it.' })
  readonly value!: string;
}

@InputType('TaskFilter', { description: 'All of it has to fit.' })
export class TaskFilter {
  @Field(() => [TaskStatus], { nullable: true, description: 'Default: open and claimed.' })
  readonly status?: readonly TaskStatus[] | null;

  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only what the viewer holds, is assigned, or has decided.' })
  readonly mine?: boolean | null;

  @Field(() => TaskAssigneeInput, { nullable: true })
  readonly assignee?: TaskAssigneeInput | null;

  @Field(() => String, { nullable: true, description: 'Only what members of this group may claim.' })
  readonly group?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Of open ones: only what waits for a group of the viewer's." })
  readonly myGroups?: boolean | null;

  @Field(() => TaskTimesInput, { nullable: true })
  readonly due?: TaskTimesInput | null;

  @Field(() => TaskTimesInput, { nullable: true })
  readonly followUp?: TaskTimesInput | null;

  @Field(() => TaskPrioritiesInput, { nullable: true })
  readonly priority?: TaskPrioritiesInput | null;

  @Field(() => [TaskColumnInput], { nullable: true, description: 'Columns of the workflow and the screen, each with its value.' })
  readonly columns?: readonly TaskColumnInput[] | null;
}

export const VIEW = 'Instead of a filter and an order: the saved view that has them.';
export const TIME_ZONE = 'Whose days and weeks are meant, as Europe/Berlin. Default: UTC.';

export function viewsActor(viewer: Viewer): ViewsActor {
  return { tenant: viewer.tenant, actor: actorOf(viewer), mayShare: viewer.role !== 'reviewer' };
}
