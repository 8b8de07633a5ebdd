import type { Json } from '@stepwell/contracts';
import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
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

@InputType('InjectedNodeInput')
export class InjectedNodeInput {
  @Field(() => String, { description: 'Its name in the run: letters, digits, "-" and "_"; that of no node of the graph.' })
  readonly id!: string;

  @Field(() => String, { description: 'One of the names that the inject point lists.' })
  readonly handler!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'What fits the params class of the handler.' })
  readonly params?: Json;

  @Field(() => JsonScalar, { nullable: true, description: '{ retry, timeout, delay, priority }, as of a step.' })
  readonly options?: Json;
}

@ArgsType()
export class InjectNodesArgs {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => [InjectedNodeInput])
  readonly nodes!: readonly InjectedNodeInput[];

  @Field(() => Int, { nullable: true, description: '0: before the next one of the point that has not begun. Left out: behind them all.' })
  readonly position?: number | null;

  @Field(() => String, { nullable: true, description: 'The id of the inject point, where the workflow has several.' })
  readonly at?: string | null;

  @Field(() => String, { nullable: true, description: 'Of a point in loops: in which turn of each, outermost first, as "0" or "2.0".' })
  readonly iteration?: string | null;

  @Field(() => String, { nullable: true, description: 'Repeats with the same key inject nothing more.' })
  readonly idempotencyKey?: string | null;
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
