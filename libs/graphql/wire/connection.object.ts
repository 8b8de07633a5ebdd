import { Field, ObjectType } from '@nestjs/graphql';
import type { Type } from '@stepwell/sdk';
import { PageInfoObject } from './page-info.object.js';
import type { Page } from './page.js';

/**
 * The GraphQL types of a list in pages: `EventConnection` is a class that extends `connectionOf('Event', EventObject)`, and its edges are
 * of the type `EventEdge`.
 *
 * @param name of the type of a node
 */
export function connectionOf<Node>(name: string, node: Type<Node>): Type<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String)
    readonly cursor!: string;

    @Field(() => node)
    readonly node!: Node;
  }

  @ObjectType({ isAbstract: true })
  class Connection {
    @Field(() => [Edge])
    readonly edges!: readonly Edge[];

    @Field(() => PageInfoObject)
    readonly pageInfo!: PageInfoObject;
  }
  return Connection;
}
