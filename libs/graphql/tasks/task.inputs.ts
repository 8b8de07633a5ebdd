import { Field, InputType } from '@nestjs/graphql';
import { checkedText } from '../wire/checked-text.js';
import { TaskStatus } from '../wire/enums.js';

@InputType('TaskFilter')
export class TaskFilter {
  @Field(() => [TaskStatus], { nullable: true })
  readonly status?: readonly TaskStatus[] | null;

  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;

  @Field(() => Boolean, { nullable: true })
  readonly mine?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: "Of open ones: only what waits for a group of the viewer's." })
  readonly myGroups?: boolean | null;
}

/** @throws StepwellError INPUT_INVALID */
export function checkedFilter(filter: TaskFilter | null | undefined): TaskFilter | null {
  return filter ? { ...filter, workflow: checkedText('filter.workflow', filter.workflow) } : null;
}
