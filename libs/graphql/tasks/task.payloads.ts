import { Field, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { TaskObject } from './task.object.js';

@ObjectType('TaskPayload')
export class TaskPayload {
  @Field(() => TaskObject, { nullable: true })
  readonly task!: TaskObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('CompleteTaskPayload')
export class CompleteTaskPayload {
  @Field(() => TaskObject, { nullable: true })
  readonly task!: TaskObject | null;

  @Field(() => TaskObject, {
    nullable: true,
    description: 'The next open task of the inbox, claimed for the viewer when claimNext was asked.',
  })
  readonly nextTask!: TaskObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('SkipTaskPayload')
export class SkipTaskPayload {
  @Field(() => TaskObject, { nullable: true })
  readonly task!: TaskObject | null;

  @Field(() => TaskObject, { nullable: true, description: 'The next task, claimed for the viewer when claimNext was asked.' })
  readonly nextTask!: TaskObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('VersionConflict', {
  implements: () => UserErrorObject,
  description: 'Somebody changed the task meanwhile; task is its present state.',
})
export class VersionConflictObject extends UserErrorObject {
  @Field(() => TaskObject)
  readonly task!: TaskObject;
}

@ObjectType('TaskClosed', {
  implements: () => UserErrorObject,
  description: "The task was decided meanwhile; task carries the winner's decision.",
})
export class TaskClosedObject extends UserErrorObject {
  @Field(() => TaskObject)
  readonly task!: TaskObject;
}

@ObjectType('TaskClaimed', { implements: () => UserErrorObject })
export class TaskClaimedObject extends UserErrorObject {
  @Field(() => ActorObject)
  readonly by!: ActorObject;

  @Field(() => DateTime)
  readonly until!: string;
}
