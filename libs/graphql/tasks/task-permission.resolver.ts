import { Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { TaskPermissions } from '@stepwell/tasks';
import { CurrentViewer } from '../wire/graphql-context.js';
import { TaskObject } from './task.object.js';

@ObjectType('TaskRefusal')
export class TaskRefusalObject {
  @Field(() => String)
  readonly code!: string;

  @Field(() => String)
  readonly message!: string;
}

/** It reads the journal of a whole run, and asks an author: one request may ask of some forty tasks. */
const REFUSAL_COST = 500;

/** Whether the viewer may decide, so that a page says it before he fills in a form. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskPermissionResolver {
  constructor(private readonly permissions: TaskPermissions) {}

  @ResolveField(() => TaskRefusalObject, {
    nullable: true,
    complexity: REFUSAL_COST,
    description:
      'Why the viewer may not decide it, whoever holds it. Null: he may, or it is decided. The author of the screen is asked, so ask for it of one task, not of a list.',
  })
  async refusal(@Parent() { id }: TaskObject, @CurrentViewer() viewer: Viewer): Promise<TaskRefusalObject | null> {
    const refusal = await this.permissions.refusal(viewer.tenant, id, actorOf(viewer));
    // An error that a resolver returns is taken for one that it throws.
    return refusal ? { code: refusal.code, message: refusal.message } : null;
  }
}
