import { Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { TaskPermissions } from '@stepwell/tasks';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { TaskObject } from './task.object.js';

@ObjectType('TaskRefusal')
export class TaskRefusalObject {
  @Field(() => String)
  readonly code!: string;

  @Field(() => String)
  readonly message!: string;

  @Field(() => String, { nullable: true, description: 'What the author of the screen said, or what went wrong when he was asked.' })
  readonly reason!: string | null;
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
    if (!refusal) return null;
    const { code, message, details } = refusal;
    return { code, message, reason: typeof details['reason'] === 'string' ? details['reason'] : null };
  }

  @ResolveField(() => Boolean, {
    description:
      'It waits, and not for the viewer: it names others, is his own work, or he has answered it. What the author of its screen says is not in it, so it may be asked of a list.',
  })
  isForOthers(@Parent() { id }: TaskObject, @CurrentLoaders() loaders: Loaders): Promise<boolean> {
    return loaders.isTaskForOthers.load(id);
  }
}
