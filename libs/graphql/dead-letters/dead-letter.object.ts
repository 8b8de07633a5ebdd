import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { RunObject } from '../runs/run.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { connectionOf } from '../wire/connection.object.js';

@InputType('DeadLetterFilter')
export class DeadLetterFilter {
  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;

  @Field(() => String, { nullable: true })
  readonly errorCode?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Failed then or later.' })
  readonly failedFrom?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Failed earlier than that.' })
  readonly failedBefore?: string | null;
}

@ObjectType('DeadLetter', {
  description:
    'A run that has failed for good, and that was neither retried, nor put in again, nor dismissed. An incident is none: its run still waits.',
})
export class DeadLetterObject {
  @Field(() => RunObject)
  readonly run!: RunObject;

  @Field(() => DateTime)
  readonly failedAt!: string;
}

@ObjectType('DeadLetterConnection')
export class DeadLetterConnection extends connectionOf('DeadLetter', DeadLetterObject) {
  /** What was asked for: how many fit is counted only when somebody asks. */
  readonly filter!: DeadLetterFilter | null;
}

@ObjectType('ReinjectRunPayload')
export class ReinjectRunPayload {
  @Field(() => RunObject, { nullable: true, description: 'The run that goes on.' })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('DismissDeadLetterPayload')
export class DismissDeadLetterPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('RefusedLetter')
export class RefusedLetterObject {
  @Field(() => ID)
  readonly runId!: string;

  @Field(() => String)
  readonly code!: string;

  @Field(() => String)
  readonly message!: string;
}

@ObjectType('SettleDeadLettersPayload')
export class SettleDeadLettersPayload {
  @Field(() => Int, { description: 'How many fit the filter before; 10,001 means more than 10,000.' })
  readonly found!: number;

  @Field(() => Int, { description: 'How many were settled now; none of a dry run.' })
  readonly settled!: number;

  @Field(() => [RefusedLetterObject])
  readonly refused!: readonly RefusedLetterObject[];

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
