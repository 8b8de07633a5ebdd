import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { TaskStatus } from '../wire/enums.js';
import { connectionOf } from '../wire/connection.object.js';

@ObjectType('Task')
export class TaskObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => ID)
  readonly runId!: string;

  @Field(() => String)
  readonly workflow!: string;

  @Field(() => String)
  readonly screen!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => String)
  readonly subject!: string;

  @Field(() => String, { nullable: true })
  readonly instructions!: string | null;

  @Field(() => TaskStatus)
  readonly status!: TaskStatus;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => Int)
  readonly priority!: number;

  @Field(() => DateTime)
  readonly openedAt!: string;

  @Field(() => DateTime, { nullable: true })
  readonly dueAt!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly endedAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it should be looked at again.' })
  readonly followUpAt!: string | null;

  @Field(() => String, { nullable: true, description: 'Who has it: the name of a person. They and the candidates may claim it.' })
  readonly assignee!: string | null;

  @Field(() => String, { nullable: true, description: 'Whom the assignee stands in for.' })
  readonly assignedFor!: string | null;

  @Field(() => [String], { description: 'Who may claim it; with neither assignee nor candidates everybody may.' })
  readonly candidateUsers!: readonly string[];

  @Field(() => [String], { description: 'Whose members may claim it.' })
  readonly candidateGroups!: readonly string[];

  @Field(() => ActorObject, { nullable: true })
  readonly claimedBy!: ActorObject | null;

  @Field(() => DateTime, { nullable: true })
  readonly claimedUntil!: string | null;

  @Field(() => Int)
  readonly draftVersion!: number;

  @Field(() => ActorObject, { nullable: true, description: 'Who saved the draft. It stays when its author gives the task back.' })
  readonly draftBy!: ActorObject | null;

  @Field(() => ActorObject, { nullable: true })
  readonly decidedBy!: ActorObject | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until then whoever decided may take it back (undoDecision), and the run is not told. Null: not at all.',
  })
  readonly undoUntil!: string | null;
}

@ObjectType('TaskConnection')
export class TaskConnection extends connectionOf('Task', TaskObject) {}
