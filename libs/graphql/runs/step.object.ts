import type { Json } from '@stepwell/contracts';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';
import { AttemptStatus } from '../wire/enums.js';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('StepError')
export class StepErrorObject {
  @Field(() => String)
  readonly code!: string;

  @Field(() => String)
  readonly message!: string;

  /** Of whoever asks a resolver says whether he reads it. */
  @Field(() => String, { nullable: true, description: 'Where it was thrown. Null for those who do not operate the server.' })
  readonly stack!: string | null;
}

@ObjectType('Attempt')
export class AttemptObject {
  @Field(() => Int)
  readonly number!: number;

  @Field(() => AttemptStatus)
  readonly status!: AttemptStatus;

  @Field(() => DateTime, { nullable: true })
  readonly startedAt!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly endedAt!: string | null;

  @Field(() => StepErrorObject, { nullable: true })
  readonly error!: StepErrorObject | null;

  @Field(() => String, { nullable: true, description: 'Which process a failed one ran in: host and process id.' })
  readonly worker!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly retryAt!: string | null;
}

@ObjectType('StepProgress', { description: 'How far a node is that has much to do, in items.' })
export class StepProgressObject {
  @Field(() => Int)
  readonly done!: number;

  @Field(() => Int, { nullable: true, description: 'Null while it is not known how many there are.' })
  readonly total!: number | null;
}

@ObjectType('StepEscalation', { description: 'A step of what happens while nobody decides the task of a screen.' })
export class StepEscalationObject {
  @Field(() => Int, { description: 'From 1.' })
  readonly number!: number;

  @Field(() => String, { description: 'assign, notify, run, answer or fail' })
  readonly what!: string;

  @Field(() => String, {
    nullable: true,
    description:
      '"bob, leads": people and groups, as the author names them. Null: it names none, or a function of the run says it when it comes.',
  })
  readonly whom!: string | null;

  @Field(() => String, { nullable: true, description: 'The id of the handler that it runs.' })
  readonly handler!: string | null;

  @Field(() => Float, { nullable: true, description: 'Milliseconds since the step before it; null in business time.' })
  readonly afterMs!: number | null;

  @Field(() => String, { nullable: true, description: 'In business time: "4bh".' })
  readonly after!: string | null;

  @Field(() => AttemptStatus, {
    description: 'waiting until it comes, completed when it has, failed when its function threw, skipped when the task was over before.',
  })
  readonly status!: AttemptStatus;

  @Field(() => DateTime, { nullable: true, description: 'Of the next one: when it comes. Those behind it count from then on.' })
  readonly dueAt!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it came.' })
  readonly at!: string | null;

  @Field(() => String, { nullable: true, description: 'What came of a handler that it ran: assign or answer.' })
  readonly as!: string | null;

  @Field(() => Boolean, { description: 'It named nobody, and the task stayed whose it was.' })
  readonly namesNobody!: boolean;

  @Field(() => StepErrorObject, { nullable: true })
  readonly error!: StepErrorObject | null;
}

@ObjectType('Step', { description: 'A node of the graph in one run.' })
export class StepObject {
  @Field(() => String, { description: 'Node path with iteration: unique within the run.' })
  readonly key!: string;

  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => String)
  readonly nodeId!: string;

  @Field(() => String, { description: 'step, screen, if, parallel, wait, emit or emit-records' })
  readonly kind!: string;

  @Field(() => AttemptStatus)
  readonly status!: AttemptStatus;

  @Field(() => DateTime, { nullable: true })
  readonly startedAt!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly endedAt!: string | null;

  @Field(() => JsonScalar, { nullable: true })
  readonly output!: Json;

  @Field(() => String, { nullable: true, description: 'What it waits for now.' })
  readonly waitReason!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly dueAt!: string | null;

  @Field(() => ID, { nullable: true })
  readonly taskId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The run that it has started; of one that was retried the first.' })
  readonly childRunId!: string | null;

  @Field(() => StepProgressObject, { nullable: true, description: 'Of a node that starts a run for each item of a list.' })
  readonly progress!: StepProgressObject | null;

  @Field(() => [StepEscalationObject], { description: 'Of a screen: its chain, in order, as it stands in this run.' })
  readonly escalations!: readonly StepEscalationObject[];

  @Field(() => Boolean, { description: 'It ended in the run that this one retries, and was not executed again.' })
  readonly isTakenOver!: boolean;

  @Field(() => StepErrorObject, { nullable: true })
  readonly error!: StepErrorObject | null;

  @Field(() => String, {
    nullable: true,
    description:
      'When its output is not its own: it stands in for a failure or a breach (of its deadline), or comes from another run, by key or cache.',
  })
  readonly substitute!: string | null;

  @Field(() => [AttemptObject])
  readonly attempts!: readonly AttemptObject[];
}
