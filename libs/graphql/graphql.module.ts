import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { CSRF_HEADER, type WithViewer } from '@stepwell/access';
import { PG_POOL, pgSql } from '@stepwell/storage';
import type { Request } from 'express';
import { DeadLetterReads } from './dead-letters/dead-letter-reads.js';
import { socketOnlyPlugin } from './changes/socket-only.plugin.js';
import { SubscriptionServer } from './changes/subscription-server.js';
import { EmitterReads } from './emitters/emitter-reads.js';
import { clientError } from './errors/client-error.js';
import { RunReads } from './runs/run-reads.js';
import { limitsPlugin } from './limits/limits.plugin.js';
import { NestingMiddleware } from './limits/nesting.middleware.js';
import { MAX_TOKENS } from './limits/query-limits.js';
import { ORPHANED_TYPES, RESOLVERS } from './schema.js';
import { ContextFactory } from './wire/context-factory.js';
import { csrfPlugin } from './wire/csrf.plugin.js';
import { SQL } from './wire/sql.js';
import { WorkflowReads } from './workflows/workflow-reads.js';

const PATH = '/graphql';

export interface GraphqlOptions {
  /** GraphiQL at /graphql; for development only, because it loads scripts from elsewhere. */
  readonly hasGraphiql: boolean;
  /** Whether clients may ask for the schema, and are told what they may have meant; not in production. */
  readonly hasIntrospection: boolean;
}

@Module({
  providers: [
    RunReads,
    DeadLetterReads,
    EmitterReads,
    WorkflowReads,
    ContextFactory,
    { provide: SQL, inject: [PG_POOL], useFactory: pgSql },
  ],
  exports: [RunReads, DeadLetterReads, EmitterReads, WorkflowReads, ContextFactory],
})
class ReadsModule {}

/**
 * The GraphQL API at /graphql. Needs AccessModule, and from the runtime: PG_POOL, WorkflowCatalog, ChangeFeed, RunService, RunColumns, DeadLetters, RunSessions, TaskService, TaskClaims,
 * NotificationPreferences, EventService and ScheduleService.
 */
@Module({ imports: [ReadsModule], providers: [...RESOLVERS, SubscriptionServer] })
export class GraphqlModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(NestingMiddleware).forRoutes(PATH);
  }

  static register({ hasGraphiql, hasIntrospection }: GraphqlOptions): DynamicModule {
    return {
      module: GraphqlModule,
      imports: [
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: ApolloDriver,
          imports: [ReadsModule],
          inject: [ContextFactory],
          useFactory: (contexts: ContextFactory): ApolloDriverConfig => ({
            path: PATH,
            autoSchemaFile: true,
            sortSchema: true,
            buildSchemaOptions: { orphanedTypes: ORPHANED_TYPES },
            // The policy of a field resolver is enforced as that of a query is.
            fieldResolverEnhancers: ['guards'],
            context: ({ req }: { req: Request & WithViewer }) => contexts.create(req.viewer, req.ip ?? '', req),
            formatError: clientError,
            autoTransformHttpErrors: false,
            includeStacktraceInErrorResponses: false,
            plugins: [socketOnlyPlugin, csrfPlugin, limitsPlugin],
            parseOptions: { maxTokens: MAX_TOKENS },
            introspection: hasIntrospection,
            hideSchemaDetailsFromClientErrors: !hasIntrospection,
            csrfPrevention: { requestHeaders: [CSRF_HEADER] },
            graphiql: hasGraphiql && { headers: { [CSRF_HEADER]: '1' } },
          }),
        }),
      ],
    };
  }
}
