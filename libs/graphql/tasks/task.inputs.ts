import { Field, InputType } from '@nestjs/graphql';
import { TaskStatus } from '../wire/enums.js';

@InputType('TaskFilter')
export class TaskFilter {
  @Field(() => [TaskStatus], { nullable: true })
  readonly status?: readonly TaskStatus[] | null;

  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;

  @Field(() => Boolean, { nullable: true })
  readonly mine?: boolean | null;
}
