import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { MigrationOutcome } from '@stepwell/runtime';
import { UserErrorObject } from '../errors/user-error.object.js';
import { DateTime } from '../wire/date-time.scalar.js';

const MigrationOutcomeKind = { possible: 'possible', migrated: 'migrated', undone: 'undone', refused: 'refused' } as const;
registerEnumType(MigrationOutcomeKind, { name: 'MigrationOutcomeKind' });

@ObjectType('MigratedRun')
export class MigratedRunObject {
  @Field(() => ID)
  readonly runId!: string;

  @Field(() => MigrationOutcomeKind)
  readonly outcome!: MigrationOutcome['outcome'];

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

  @Field(() => Boolean, { description: 'More runs of the older version are left: call it again.' })
  readonly hasMore!: boolean;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@InputType('MigrationFilter')
export class MigrationFilter {
  @Field(() => [ID], { nullable: true, description: 'These runs; without it those that nobody is at work on, oldest first.' })
  readonly runs?: readonly string[] | null;

  @Field(() => DateTime, { nullable: true })
  readonly createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly createdBefore?: Date | null;
}
