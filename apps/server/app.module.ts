/** Assembles the libraries into one application. No logic of its own. */
import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { ServeStaticModule } from '@nestjs/serve-static';
import { AccessModule } from '@stepwell/access';
import { GraphqlModule } from '@stepwell/graphql';
import { RuntimeModule, type RuntimeOptions } from '@stepwell/runtime';
import { ENTITIES } from '@stepwell/storage';
import type { Type } from '@stepwell/sdk';
import type { ServerResponse } from 'node:http';
import { AsyncResultsController } from './async-results/async-results.controller.js';
import { DocumentsController } from './documents/documents.controller.js';
import { EventsController } from './events/events.controller.js';
import { HealthController } from './health/health.controller.js';
import { UnsubscribeController } from './notifications/unsubscribe.controller.js';
import { ProvenanceController } from './provenance/provenance.controller.js';
import { QueueBoard } from './queues/queue-board.js';
import { QueueBoardController } from './queues/queue-board.controller.js';
import { StartsController } from './starts/starts.controller.js';
import { TeamController } from './team/team.controller.js';

export interface AppOptions extends RuntimeOptions {
  readonly workflowModules: readonly Type<object>[];
  /** The built pages. */
  readonly webDirectory: string;
  readonly mayOfferDemo: boolean;
  readonly configuredPublicUrl: string | undefined;
  readonly hasGraphiql: boolean;
  readonly hasIntrospection: boolean;
}

/** Not a page: an unknown path below these is a 404, and no deep link of the pages. */
const NO_PAGES = [
  '/graphql',
  '/admin/{*path}',
  '/auth/{*path}',
  '/async-results/{*path}',
  '/documents/{*path}',
  '/health/{*path}',
  '/team/*path',
  '/provenance.jsonl',
  '/assets/{*path}',
];

/** What also takes files; everything else takes JSON. */
const MULTIPART_PATHS = /^\/(documents|workflows\/[^/]+\/start)\/?$/i;

/** What a mail reader posts by itself, as a form: the token in the path is all that counts. */
const ONE_CLICK_PATHS = /^\/unsubscribe\/[^/]+$/;

const GRAPHQL_PATHS = /^\/graphql\/?$/i;

@Module({})
export class AppModule {
  static register(options: AppOptions): DynamicModule {
    const api = options.roles.includes('api');
    return {
      module: AppModule,
      controllers: [
        HealthController,
        ...(api
          ? [
              AsyncResultsController,
              DocumentsController,
              EventsController,
              ProvenanceController,
              QueueBoardController,
              StartsController,
              TeamController,
              UnsubscribeController,
            ]
          : []),
      ],
      providers: api ? [QueueBoard] : [],
      imports: [
        RuntimeModule.register({ ...options, entities: ENTITIES }),
        AccessModule.register({
          ...{ hasSignIn: api, tenant: options.tenants[0], mayOfferDemo: options.mayOfferDemo, publicUrl: options.configuredPublicUrl },
          multipartPaths: MULTIPART_PATHS,
          oneClickPaths: ONE_CLICK_PATHS,
          graphqlPaths: GRAPHQL_PATHS,
        }),
        ...(api ? [GraphqlModule.register(options), pages(options.webDirectory)] : []),
      ],
    };
  }
}

function pages(rootPath: string): NonNullable<ModuleMetadata['imports']>[number] {
  return ServeStaticModule.forRoot({ rootPath, exclude: NO_PAGES, serveStaticOptions: { index: false, setHeaders: cacheHeaders } });
}

/** Files in assets/ carry a hash of their content in their names; the page that names them is asked for each time. */
function cacheHeaders(response: ServerResponse, path: string): void {
  response.setHeader('Cache-Control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
}
