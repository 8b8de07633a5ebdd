import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ApiKeyService, Policy, type Viewer } from '@stepwell/access';
import { withErrors } from '../errors/with-errors.js';
import { Role } from '../wire/enums.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { ApiKeyObject, CreateApiKeyPayload, RevokeApiKeyPayload } from './api-key.object.js';

@Resolver(() => ApiKeyObject)
@Policy('admin')
export class ApiKeyResolver {
  constructor(private readonly keys: ApiKeyService) {}

  @Query(() => [ApiKeyObject], { description: 'Newest first, with those that are revoked or expired.' })
  apiKeys(@CurrentViewer() { tenant }: Viewer): Promise<ApiKeyObject[]> {
    return this.keys.list(tenant);
  }

  @Mutation(() => CreateApiKeyPayload)
  createApiKey(
    @CurrentViewer() viewer: Viewer,
    @Args('name', { type: () => String }) name: string,
    @Args('role', { type: () => Role }) role: Role,
    @Args('expiresInDays', { type: () => Int }) expiresInDays: number,
  ): Promise<CreateApiKeyPayload> {
    return withErrors<Omit<CreateApiKeyPayload, 'errors'>>({ apiKey: null, key: null }, () =>
      this.keys.create(viewer, { name, role, days: expiresInDays }),
    );
  }

  @Mutation(() => RevokeApiKeyPayload, { description: 'At once, and for good. Revoking twice is no mistake.' })
  revokeApiKey(@CurrentViewer() viewer: Viewer, @Args('id', { type: () => ID }) id: string): Promise<RevokeApiKeyPayload> {
    return withErrors<Omit<RevokeApiKeyPayload, 'errors'>>({ apiKey: null }, async () => ({ apiKey: await this.keys.revoke(viewer, id) }));
  }
}
