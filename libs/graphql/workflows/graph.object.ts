import type { Json } from '@stepwell/contracts';
import { Field, ObjectType } from '@nestjs/graphql';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('GraphBranch')
export class GraphBranchObject {
  @Field(() => String, { description: 'What paths call it.' })
  readonly segment!: string;

  @Field(() => String, { description: 'Its name; of an arm of an if its condition, as far as that is one expression.' })
  readonly label!: string;

  @Field(() => Boolean, { description: 'It is run more than once, each time under an iteration of its own.' })
  readonly repeats!: boolean;
}

@ObjectType('GraphNode')
export class GraphNodeObject {
  @Field(() => String, { description: 'As in the steps and the journal of a run.' })
  readonly path!: string;

  @Field(() => String)
  readonly id!: string;

  @Field(() => String)
  readonly kind!: string;

  @Field(() => String)
  readonly label!: string;

  @Field(() => String, { nullable: true, description: 'The path of the control node around it.' })
  readonly parent!: string | null;

  @Field(() => String, { nullable: true, description: 'The branch of that node in which it stands.' })
  readonly branch!: string | null;

  @Field(() => [GraphBranchObject])
  readonly branches!: readonly GraphBranchObject[];

  @Field(() => Boolean, { description: 'A run may go on behind it without any of its branches.' })
  readonly mayTakeNone!: boolean;

  @Field(() => String, { nullable: true, description: 'The id of its step, screen or source.' })
  readonly handler!: string | null;

  @Field(() => String, { nullable: true, description: 'The event that it emits or waits for.' })
  readonly event!: string | null;

  @Field(() => String, { nullable: true, description: 'The workflow whose runs it starts.' })
  readonly workflow!: string | null;

  @Field(() => JsonScalar, { description: 'What its author set, by name; milliseconds end in Ms, those since 1970 in At.' })
  readonly options!: Json;
}

@ObjectType('GraphEdge', { description: 'From a node to the one behind it, or from a control node into a branch.' })
export class GraphEdgeObject {
  @Field(() => String)
  readonly from!: string;

  @Field(() => String)
  readonly to!: string;

  @Field(() => String, { nullable: true })
  readonly branch!: string | null;
}

@ObjectType('WorkflowGraph', { description: 'Nodes in the order of the graph, each behind the control node around it.' })
export class WorkflowGraphObject {
  @Field(() => [GraphNodeObject])
  readonly nodes!: readonly GraphNodeObject[];

  @Field(() => [GraphEdgeObject])
  readonly edges!: readonly GraphEdgeObject[];
}
