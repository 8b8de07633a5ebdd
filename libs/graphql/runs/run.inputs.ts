import type { Json } from '@stepwell/contracts';
import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';
import { RunStatus } from '../wire/enums.js';
import { JsonScalar } from '../wire/json.scalar.js';

@InputType('RunFilter')
export class RunFilter {
  @Field(() => [RunStatus], { nullable: true })
  readonly status?: readonly RunStatus[] | null;

  @Field(() => String, { nullable: true })
  readonly workflow?: string | null;

  @Field(() => [String], { nullable: true, description: 'api, event, schedule, emitter, parent, fork' })
  readonly startedBy?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'Waiting runs only, that wait for this: see Run.waitReasons.' })
  readonly waitReason?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Created then or later.' })
  readonly createdFrom?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Created earlier than that.' })
  readonly createdBefore?: string | null;

  @Field(() => String, { nullable: true, description: 'Those of this session.' })
  readonly session?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'An idempotency key, the key of an emitted record, an id or at least nine digits of its beginning, or its last eight digits.',
  })
  readonly search?: string | null;
}

/** An incident as `Run.incidents` names it, and what became of its effect. */
@ArgsType()
export class ResolveIncidentArgs {
  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => Int)
  readonly attempt!: number;

  @Field(() => Boolean, { description: 'Yes: the step goes on with the output. No: it is tried again.' })
  readonly happened!: boolean;

  @Field(() => JsonScalar, { nullable: true, description: 'What the step would have returned, when it happened.' })
  readonly output?: Json;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}
