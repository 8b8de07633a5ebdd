import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('DecisionSeal', { description: 'The place of the record of a decision in the chain of its tenant.' })
export class DecisionSealObject {
  @Field(() => ID, { description: 'Of the record, and of its entry in the history of the task.' })
  readonly id!: string;

  @Field(() => Int, { nullable: true, description: 'From 1 on. Null: it has no seal yet; that takes some seconds.' })
  readonly number!: number | null;

  @Field(() => String, { nullable: true, description: 'It covers the record, the number, and the hash of the seal before.' })
  readonly hash!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly sealedAt!: string | null;

  @Field(() => Boolean, {
    description:
      'It was made more than a quarter of an hour after its decision, which `notes` says, too; after an outage that is as it should be.',
  })
  readonly isLate!: boolean;

  @Field(() => Boolean, { description: 'It is sealed, its key is known, and nothing is wrong with it.' })
  readonly isVerified!: boolean;

  @Field(() => [String], {
    description:
      'What may be as it should be: it was made late, or without the key, from before there was one, or with one that the server has not any more.',
  })
  readonly notes!: readonly string[];

  @Field(() => [String], { description: 'What is wrong with the record, or with its seal between those beside it.' })
  readonly problems!: readonly string[];
}

@ObjectType('ProvenanceCheck', { description: 'Of a part of the chain of decisions.' })
export class ProvenanceCheckObject {
  @Field(() => Int, { description: 'How many seals were looked at.' })
  readonly sealed!: number;

  @Field(() => Int, { description: 'Of them: made with a key.' })
  readonly keyed!: number;

  @Field(() => Int, { description: 'Of them: the record went with its month, as retention has decided.' })
  readonly dropped!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The last seal that was looked at, <number>:<hash>: the next part is after it; keep that of the last part as an anchor.',
  })
  readonly head!: string | null;

  @Field(() => Int, { description: 'The number of the last seal of the chain; 0: nothing of this tenant is sealed.' })
  readonly last!: number;

  @Field(() => Boolean)
  readonly hasMore!: boolean;

  @Field(() => [String], { description: 'At most 100; none: all of the part is as it was sealed.' })
  readonly problems!: readonly string[];
}
