import type { Json } from '@stepwell/contracts';
import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { WorkflowGraphObject } from './graph.object.js';

@ObjectType('Workflow')
export class WorkflowObject {
  @Field(() => String)
  readonly name!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => String)
  readonly title!: string;

  @Field(() => Boolean)
  readonly isEmitter!: boolean;

  @Field(() => JsonScalar, { nullable: true, description: 'JSON Schema of the input; null when any JSON will do.' })
  readonly inputSchema!: Json;

  @Field(() => [String], {
    description: "Names of the columns that its runs may have: the workflow's own, then those of its steps, in their order.",
  })
  readonly columns!: readonly string[];

  @Field(() => WorkflowGraphObject)
  readonly graph!: WorkflowGraphObject;

  @Field(() => String, { description: 'The graph as Mermaid text.' })
  readonly mermaid!: string;

  @Field(() => [String], { description: 'Events that start a run.' })
  readonly startOn!: readonly string[];

  @Field(() => [String], { description: 'Events that cancel a run while it lives.' })
  readonly cancelOn!: readonly string[];
}

@ObjectType('ParkedVersion', { description: 'A version whose runs nobody takes: they wait until a server has what they need.' })
export class ParkedVersionObject {
  @Field(() => String)
  readonly workflow!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => String, { description: 'What is missing, and what to do.' })
  readonly reason!: string;

  @Field(() => Int, { description: 'How many runs wait for it, among the 10,000 oldest of each status.' })
  readonly runs!: number;
}

@ObjectType('WorkflowVersion')
export class WorkflowVersionObject {
  @Field(() => Int)
  readonly version!: number;

  @Field(() => String)
  readonly title!: string;

  @Field(() => DateTime, { description: 'When a process first hosted it.' })
  readonly registeredAt!: Date;

  @Field(() => Boolean, { description: 'This process hosts it.' })
  readonly isHosted!: boolean;

  @Field(() => Boolean, { description: 'No new run is of it.' })
  readonly isDeprecated!: boolean;

  @Field(() => Float, { nullable: true, description: 'How many percent of the new runs are of it, when it is a canary.' })
  readonly canaryPercent!: number | null;

  @Field(() => [Int], { description: 'Versions whose runs may go on in it, by migrateRuns.' })
  readonly migratesFrom!: readonly number[];

  @Field(() => WorkflowGraphObject, { nullable: true, description: 'Null when it was registered before graphs were kept.' })
  readonly graph!: WorkflowGraphObject | null;
}
