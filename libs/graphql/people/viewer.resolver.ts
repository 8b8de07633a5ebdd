import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Policy, SessionService, UserService, type Viewer } from '@stepwell/access';
import { withErrors } from '../errors/with-errors.js';
import { CurrentViewer, type GraphqlContext } from '../wire/graphql-context.js';
import { ChangePasswordPayload, ViewerObject } from './viewer.object.js';

@Resolver(() => ViewerObject)
export class ViewerResolver {
  constructor(
    private readonly users: UserService,
    private readonly sessions: SessionService,
  ) {}

  @Policy('public')
  @Query(() => ViewerObject, { nullable: true, description: 'Null when nobody is signed in.' })
  viewer(@Context() { viewer }: GraphqlContext): ViewerObject | null {
    return viewer ?? null;
  }

  @Policy('reviewer')
  @Mutation(() => ChangePasswordPayload)
  changePassword(
    @CurrentViewer() viewer: Viewer,
    @Context() { ip }: GraphqlContext,
    @Args('current', { type: () => String }) current: string,
    @Args('next', { type: () => String }) next: string,
  ): Promise<ChangePasswordPayload> {
    return withErrors({ viewer: null }, async () => {
      await this.users.changePassword(viewer, ip, current, next);
      return { viewer: (await this.sessions.again(viewer)) ?? null };
    });
  }
}
