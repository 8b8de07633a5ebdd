import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { RunObject } from '../runs/run.object.js';

@ObjectType('Ledger', {
  description: 'read = rejected + deduplicated + queued + running + waiting + paused + completed + failed + canceled',
})
export class LedgerObject {
  @Field(() => Int)
  readonly read!: number;

  @Field(() => Int)
  readonly rejected!: number;

  @Field(() => Int)
  readonly deduplicated!: number;

  @Field(() => Int)
  readonly queued!: number;

  @Field(() => Int)
  readonly running!: number;

  @Field(() => Int)
  readonly waiting!: number;

  @Field(() => Int)
  readonly paused!: number;

  @Field(() => Int)
  readonly completed!: number;

  @Field(() => Int)
  readonly failed!: number;

  @Field(() => Int)
  readonly canceled!: number;

  @Field(() => Boolean)
  readonly balances!: boolean;
}

@ObjectType('Emitter')
export class EmitterObject {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => String)
  readonly processor!: string;
}

@ObjectType('EmitterRun')
export class EmitterRunObject {
  @Field(() => RunObject)
  readonly run!: RunObject;
}

@ObjectType('RejectedRecord')
export class RejectedRecordObject {
  @Field(() => ID)
  readonly runId!: string;

  @Field(() => Int, { nullable: true })
  readonly position!: number | null;

  @Field(() => String)
  readonly reason!: string;

  @Field(() => String, { nullable: true })
  readonly excerpt!: string | null;
}
