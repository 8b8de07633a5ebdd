import { Field, ID, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { RunObject } from '../runs/run.object.js';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('Schedule')
export class ScheduleObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly workflow!: string;

  @Field(() => String)
  readonly cron!: string;

  @Field(() => String, { description: 'The cron expression in words.' })
  readonly description!: string;

  @Field(() => String)
  readonly zone!: string;

  @Field(() => String)
  readonly overlap!: string;

  @Field(() => String)
  readonly catchUp!: string;

  @Field(() => Boolean, { description: 'Nothing fires; what comes due is recorded as skipped.' })
  readonly isPaused!: boolean;

  @Field(() => DateTime, { nullable: true })
  readonly pausedAt!: string | null;

  @Field(() => ActorObject, { nullable: true })
  readonly pausedBy!: ActorObject | null;

  @Field(() => String, { nullable: true })
  readonly pauseReason!: string | null;

  /** Resolved with its argument by the resolver. */
  readonly nextFirings!: (first: number) => string[];
}

@ObjectType('Slot')
export class SlotObject {
  @Field(() => DateTime)
  readonly dueAt!: string;

  @Field(() => String)
  readonly outcome!: string;

  @Field(() => String, { nullable: true })
  readonly reason!: string | null;

  @Field(() => ID, { nullable: true })
  readonly runId!: string | null;
}

@ObjectType('SchedulePayload')
export class SchedulePayload {
  @Field(() => ScheduleObject, { nullable: true })
  readonly schedule!: ScheduleObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('RunScheduleNowPayload')
export class RunScheduleNowPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
