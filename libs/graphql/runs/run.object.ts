import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { RunStatus } from '../wire/enums.js';
import { connectionOf } from '../wire/connection.object.js';
import type { RunFilter } from './run.inputs.js';

@ObjectType('SettledLetter')
export class SettledLetterObject {
  @Field(() => String, { description: 'dismissed, or reinjected with another input' })
  readonly as!: string;

  @Field(() => ID, { nullable: true, description: 'The run in its place.' })
  readonly runId!: string | null;

  @Field(() => ActorObject, { nullable: true })
  readonly by!: ActorObject | null;

  @Field(() => String, { nullable: true })
  readonly reason!: string | null;

  @Field(() => DateTime)
  readonly at!: string;
}

@ObjectType('Run')
export class RunObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly workflow!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => RunStatus)
  readonly status!: RunStatus;

  @Field(() => Int, { description: 'From -10 to 10: of the queued runs the higher ones go first.' })
  readonly priority!: number;

  @Field(() => [String], {
    description:
      'What a waiting run waits for: task, timer, retry, async-result, dispatch, event, child, incident. Of a queued one: capacity, when the cap of its workflow leaves it no place. Of each: version, when workers live and none of them has its version.',
  })
  readonly waitReasons!: readonly string[];

  @Field(() => DateTime, { nullable: true })
  readonly dueAt!: string | null;

  @Field(() => DateTime)
  readonly createdAt!: string;

  @Field(() => DateTime, { nullable: true })
  readonly endedAt!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly cancelRequestedAt!: string | null;

  @Field(() => String, { description: 'api, event, schedule, emitter or parent' })
  readonly startedBy!: string;

  @Field(() => String, { nullable: true, description: 'The name of the session that it belongs to.' })
  readonly session!: string | null;

  @Field(() => ActorObject, { nullable: true })
  readonly actor!: ActorObject | null;

  @Field(() => String, { nullable: true, description: 'Of a failed run, or of the first incident of a waiting one.' })
  readonly errorCode!: string | null;

  @Field(() => String, { nullable: true })
  readonly errorMessage!: string | null;

  @Field(() => Boolean, { description: 'It has failed for good, and was neither retried, nor put in again, nor dismissed.' })
  readonly isDeadLetter!: boolean;

  @Field(() => SettledLetterObject, { nullable: true, description: 'What became of it as a dead letter, other than a retry.' })
  readonly settledLetter!: SettledLetterObject | null;

  /** For the fields below it: no field itself. */
  readonly retryOfId!: string | null;
  readonly retriedAsId!: string | null;
  readonly lineageRoot!: string;

  @Field(() => Int, { description: 'How many workers died with this run in their hands since it last waited.' })
  readonly crashes!: number;

  @Field(() => Boolean, { description: 'It was there at two such deaths: until it waits or ends it runs in a process of its own.' })
  readonly isSuspect!: boolean;
}

@ObjectType('RunConnection')
export class RunConnection extends connectionOf('Run', RunObject) {
  /** What was asked for: how many fit is counted only when somebody asks. */
  readonly filter!: RunFilter | null;
}

@ObjectType('RelatedRun')
export class RelatedRunObject {
  @Field(() => RunObject)
  readonly run!: RunObject;

  @Field(() => String, { description: 'cause (it caused this run) or effect (this run caused it)' })
  readonly direction!: string;

  @Field(() => String, { description: 'event, emitter, fork or parent (a sub-workflow)' })
  readonly via!: string;

  @Field(() => String, { nullable: true })
  readonly event!: string | null;
}
