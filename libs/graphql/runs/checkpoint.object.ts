import type { Json } from '@stepwell/contracts';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { connectionOf } from '../wire/connection.object.js';
import { RunObject } from './run.object.js';

@ObjectType('CheckpointOutput')
export class CheckpointOutputObject {
  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => JsonScalar, { nullable: true })
  readonly output!: Json;
}

@ObjectType('CheckpointContext', { description: 'What a run knew at a checkpoint.' })
export class CheckpointContextObject {
  @Field(() => JsonScalar, { nullable: true })
  readonly input!: Json;

  @Field(() => [CheckpointOutputObject], { description: 'Of the nodes that had completed.' })
  readonly outputs!: readonly CheckpointOutputObject[];

  @Field(() => [CheckpointOutputObject], { description: 'What steps without an output had saved on their way.' })
  readonly saved!: readonly CheckpointOutputObject[];
}

@ObjectType('Checkpoint', { description: 'A place in the journal of a run behind which another run may go on: forkRun(checkpoint: seq).' })
export class CheckpointObject {
  @Field(() => ID)
  readonly runId!: string;

  @Field(() => Int, { description: 'The number of the fact behind which it stands.' })
  readonly seq!: number;

  @Field(() => String, {
    description: 'The fact: step.completed, task.completed, wait.completed, event.consumed, incident.resolved or checkpoint.saved.',
  })
  readonly type!: string;

  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => Int)
  readonly attempt!: number;

  @Field(() => DateTime)
  readonly at!: Date;
}

@ObjectType('RunStop', { description: 'Where a workflow has stopped its run: runCheckpoint with that checkpoint lets it go on.' })
export class RunStopObject {
  @Field(() => Int, { description: 'Of the checkpoint.' })
  readonly seq!: number;

  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => DateTime, { description: 'When the step had its output.' })
  readonly since!: string;
}

@ObjectType('InspectedCheckpoint')
export class InspectedCheckpointObject extends CheckpointObject {
  @Field(() => CheckpointContextObject)
  readonly context!: CheckpointContextObject;
}

@ObjectType('CheckpointConnection')
export class CheckpointConnection extends connectionOf('Checkpoint', CheckpointObject) {}

@ObjectType('CheckpointChange')
export class CheckpointChangeObject {
  @Field(() => String, { description: 'input, output or saved' })
  readonly what!: string;

  @Field(() => String, { description: 'Of the node; empty for the input.' })
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => String, { description: 'added, changed or removed' })
  readonly kind!: string;

  @Field(() => JsonScalar, { nullable: true })
  readonly before!: Json;

  @Field(() => JsonScalar, { nullable: true })
  readonly after!: Json;
}

@ObjectType('CheckpointDiff')
export class CheckpointDiffObject {
  @Field(() => [CheckpointChangeObject])
  readonly changes!: readonly CheckpointChangeObject[];
}

@ObjectType('PruneCheckpointsPayload')
export class PruneCheckpointsPayload {
  @Field(() => RunObject, { nullable: true })
  readonly run!: RunObject | null;

  @Field(() => Int, { description: 'How many checkpoints are not shown any more.' })
  readonly pruned!: number;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('ExportCheckpointPayload')
export class ExportCheckpointPayload {
  @Field(() => String, { nullable: true, description: 'For runCheckpoint. Signed, not sealed: whoever has it can read what the run knew.' })
  readonly checkpoint!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt!: Date | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('RunCheckpointPayload')
export class RunCheckpointPayload {
  @Field(() => RunObject, { nullable: true, description: 'The run that goes on.' })
  readonly run!: RunObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
