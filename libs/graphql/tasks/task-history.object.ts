import type { Json } from '@stepwell/contracts';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { FieldChange } from '@stepwell/tasks';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('TaskHistoryEntry')
export class TaskHistoryEntryObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly kind!: string;

  @Field(() => ActorObject, { nullable: true })
  readonly actor!: ActorObject | null;

  @Field(() => JsonScalar, { nullable: true })
  readonly details!: Json;

  @Field(() => DateTime)
  readonly at!: string;

  @Field(() => JsonScalar, {
    description:
      'Field by field, as { path: "parts[2].amount", kind: "added" | "removed" | "changed", before, after }. Of a draft: what was written, in some five minutes of one person. Of a decision: in what the answer differs from the draft, or from the suggestion.',
  })
  readonly changes!: readonly FieldChange[];
}
