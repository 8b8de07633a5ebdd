import { Args, Context, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { type ApprovalLink, ApprovalLinks } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import type { GraphqlContext } from '../wire/graphql-context.js';
import { ApprovalLinkObject, DecideByLinkPayload } from './approval-link.object.js';

/** Public, because an installation may let the link alone be enough; unless it does, the service asks for the person. */
@Resolver(() => ApprovalLinkObject)
@Policy('public')
export class ApprovalLinkResolver {
  constructor(private readonly links: ApprovalLinks) {}

  @Query(() => ApprovalLinkObject, {
    nullable: true,
    description: 'Changes nothing. Null with an error that says why it does not lead on.',
  })
  async approvalLink(@Context() caller: GraphqlContext, @Args('token', { type: () => String }) token: string): Promise<ApprovalLinkObject> {
    return linkObject(await this.links.look(token, caller));
  }

  @Mutation(() => DecideByLinkPayload, { description: 'Gives the answer of a link, once.' })
  decideByLink(
    @Context() caller: GraphqlContext,
    @Args('token', { type: () => String }) token: string,
    @Args('expectedVersion', { type: () => Int, description: 'Of the task as it was shown.' }) expectedVersion: number,
  ): Promise<DecideByLinkPayload> {
    return withErrors<{ decided: boolean }>({ decided: false }, async () => {
      await this.links.decide(token, expectedVersion, caller);
      return { decided: true };
    });
  }
}

function linkObject({ task, ...link }: ApprovalLink): ApprovalLinkObject {
  const { id, title, subject, instructions, workflow, dueAt, status, version, props } = task;
  return { ...link, ...{ taskId: id, title, subject, instructions, workflow, dueAt, status, version, props } };
}
