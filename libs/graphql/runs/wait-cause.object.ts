import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('WaitCause', { description: 'What stands between a run and its next step, as it is at this moment.' })
export class WaitCauseObject {
  @Field(() => String, {
    description:
      'queue, capacity, singleton, tenant-limit, no-worker, version, isolation or due (it is not at work), lease (it is, by a worker), paused, cancel, or what it waits for: task, timer, retry, async-result, dispatch, event, signal, child, incident, verification, key, checkpoint.',
  })
  readonly kind!: string;

  @Field(() => String, { description: 'A sentence that says it.' })
  readonly words!: string;

  @Field(() => String, { nullable: true, description: 'Of which queue, worker, task, event, signal or person it tells.' })
  readonly name!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many: runs that go before it, places that are held, children that have not ended, up to 10,001.',
  })
  readonly count!: number | null;

  @Field(() => Int, { nullable: true, description: 'Of how many places; of a queue, how many other tenants take turns with it.' })
  readonly limit!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it is due, or the lease ends unless it is renewed.' })
  readonly until!: string | null;

  @Field(() => [ID], { description: 'The runs that hold the places, or that it waits for: the first ten.' })
  readonly runIds!: readonly string[];

  @Field(() => ID, { nullable: true })
  readonly taskId!: string | null;
}
