import { Args, Query, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { WorkflowCatalog } from '@stepwell/engine';
import { workflowObject } from './workflow.mapper.js';
import { WorkflowObject } from './workflow.object.js';

/** The workflows that this process hosts: the same in every tenant, because they are code. */
@Resolver(() => WorkflowObject)
@Policy('reviewer')
export class WorkflowResolver {
  constructor(private readonly catalog: WorkflowCatalog) {}

  @Query(() => [WorkflowObject])
  workflows(): WorkflowObject[] {
    return this.catalog.all().map(workflowObject);
  }

  @Query(() => WorkflowObject, { nullable: true })
  workflow(@Args('name', { type: () => String }) name: string): WorkflowObject | null {
    const hosted = this.catalog.get(name);
    return hosted ? workflowObject(hosted) : null;
  }
}
