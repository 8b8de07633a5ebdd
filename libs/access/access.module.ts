import { type DynamicModule, Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ACCESS_OPTIONS, type AccessOptions } from './access-options.js';
import { ApiKeyService } from './api-keys/api-key.service.js';
import { DemoController } from './demo/demo.controller.js';
import { ErrorFilter } from './http/error.filter.js';
import { RequestCheckMiddleware } from './http/request-check.middleware.js';
import { SessionMiddleware } from './http/session.middleware.js';
import { PasswordHasher } from './people/password-hasher.js';
import { PeopleService } from './people/people.service.js';
import { UserService } from './people/user.service.js';
import { PolicyCheck } from './policy/policy-check.js';
import { PolicyGuard } from './policy/policy.guard.js';
import { SessionService } from './sessions/session.service.js';
import { AuthController } from './sign-in/auth.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { SignInThrottle } from './sign-in/sign-in-throttle.js';

/**
 * Who may do what. Importing it closes every door that has no policy: guard, boot check, request check and error filter are global.
 * Needs PG_POOL and a DataSource with the storage's entities.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    SessionService,
    ApiKeyService,
    UserService,
    PeopleService,
    SignInService,
    SignInThrottle,
    PasswordHasher,
    PolicyCheck,
    { provide: APP_GUARD, useClass: PolicyGuard },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: [SessionService, ApiKeyService, UserService, PeopleService, ACCESS_OPTIONS],
})
export class AccessModule implements NestModule {
  static register(options: AccessOptions): DynamicModule {
    return {
      module: AccessModule,
      controllers: options.hasSignIn ? [AuthController, ...(options.mayOfferDemo ? [DemoController] : [])] : [],
      providers: [{ provide: ACCESS_OPTIONS, useValue: options }],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestCheckMiddleware, SessionMiddleware).forRoutes('{*path}');
  }
}
