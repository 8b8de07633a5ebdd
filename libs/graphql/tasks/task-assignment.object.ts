import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { TaskObject } from './task.object.js';

@InputType('NewAssignee', { description: 'One of them.' })
export class NewAssigneeInput {
  @Field(() => String, { nullable: true, description: 'The name that they sign in with.' })
  readonly user?: string | null;

  @Field(() => [String], { nullable: true, description: 'Whose members may claim it.' })
  readonly groups?: readonly string[] | null;
}

@ObjectType('ReassignedTask')
export class ReassignedTaskObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => TaskObject, { nullable: true, description: 'Null when this one could not be reassigned.' })
  readonly task!: TaskObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('ReassignTasksPayload')
export class ReassignTasksPayload {
  @Field(() => [ReassignedTaskObject], { description: 'What became of each, in the order in which they were named.' })
  readonly tasks!: readonly ReassignedTaskObject[];

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
