import type { Json } from '@stepwell/contracts';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../wire/json.scalar.js';

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

  @Field(() => String, { description: 'The graph as Mermaid text.' })
  readonly mermaid!: string;
}
