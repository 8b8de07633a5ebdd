import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { MigrationOutcome } from '@stepwell/runtime';
import { UserErrorObject } from '../errors/user-error.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { RunStatus } from '../wire/enums.js';

const MigrationOutcomeKind = { possible: 'possible', migrated: 'migrated', undone: 'undone', refused: 'refused' } as const;
registerEnumType(MigrationOutcomeKind, { name: 'MigrationOutcomeKind' });

@ObjectType('MigratedRun')
export class MigratedRunObject {
  @Field(() => ID)
  readonly runId!: string;

  @Field(() => MigrationOutcomeKind)
  readonly outcome!: MigrationOutcome['outcome'];

  @Field(() => [String], { description: 'Paths of the nodes at which it waits before.' })
  readonly waits!: readonly string[];

  @Field(() => [String], { description: 'Paths of the nodes at which it stands then.' })
  readonly stands!: readonly string[];

  @Field(() => [String], { description: 'Paths of the nodes whose output is dropped.' })
  readonly lost!: readonly string[];

  @Field(() => Int, { description: 'How many tasks and waits for events are closed.' })
  readonly closes!: number;

  @Field(() => [String], { description: 'Why it is refused.' })
  readonly problems!: readonly string[];
}

@ObjectType('MigrateRunsPayload')
export class MigrateRunsPayload {
  @Field(() => [MigratedRunObject])
  readonly runs!: readonly MigratedRunObject[];

  @Field(() => ID, { nullable: true, description: 'More runs that fit are left: ask again with this as `after`. Null when none are.' })
  readonly endCursor!: string | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@InputType('MigrationFilter')
export class MigrationFilter {
  @Field(() => [ID], {
    nullable: true,
    description: 'These runs, whatever else is said here; without it those that nobody is at work on, oldest first.',
  })
  readonly runs?: readonly string[] | null;

  @Field(() => [RunStatus], { nullable: true, description: 'Of queued, waiting and paused; without it all three.' })
  readonly status?: readonly RunStatus[] | null;

  @Field(() => String, { nullable: true, description: 'The path of the node, in the older version, that they wait at.' })
  readonly waitsAt?: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly createdBefore?: Date | null;
}
