import { Field, ID, InputType } from '@nestjs/graphql';

@InputType('EventFilter')
export class EventFilter {
  @Field(() => String, { nullable: true })
  readonly name?: string | null;

  @Field(() => ID, { nullable: true, description: 'Emitted by this run, or delivered to it.' })
  readonly runId?: string | null;

  @Field(() => String, { nullable: true })
  readonly idempotencyKey?: string | null;
}
