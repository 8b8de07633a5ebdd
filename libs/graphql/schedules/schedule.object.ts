import { Field, ID, ObjectType } from '@nestjs/graphql';
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
