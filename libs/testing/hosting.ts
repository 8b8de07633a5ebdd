/** The modules of a test, built by Nest as the server builds them, and stubs in the place of handlers. */
import type { InjectionToken, LoggerService } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { Clock } from '@stepwell/engine';
import { HandlerRegistry, type Handlers } from '@stepwell/runtime';
import { type AnyScreen, Documents, type StepContext, StepwellClient, type Type } from '@stepwell/sdk';
import { DataSource } from 'typeorm';
import type { Activity } from './process/activity.js';

/** What stands in for a handler: gets the context of the step, and gives its output, or throws. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each stub knows its step
export type Stub = (ctx: any) => unknown;

/**
 * A stub that never answers, as a service that is away: only a time-out or a cancel of its step ends it. Any other promise that never
 * resolves keeps the test waiting, for the kit cannot know that it never will.
 */
export const hangs: Stub = () => {
  throw new Error('"hangs" is a stub for a step; give it to t.stub().');
};

/** What a test puts in the place of a provider of its modules: `{ provide: Bank, useValue: new Bank(address) }`. */
export interface Replacement {
  readonly provide: InjectionToken;
  readonly useValue: unknown;
}

export interface Provided {
  readonly clock: Clock;
  readonly client: StepwellClient;
  readonly dataSource: DataSource | undefined;
  readonly replacements: readonly Replacement[];
  /** What is told of runs; a test waits for it as for a handler. */
  readonly interceptors: ReadonlySet<unknown>;
  readonly activity: Activity;
}

export class HostedHandlers implements Handlers {
  private constructor(
    private readonly registry: HandlerRegistry,
    private readonly stubs: ReadonlyMap<unknown, Stub>,
    private readonly provided: Pick<Provided, 'interceptors' | 'activity'>,
    readonly close: () => Promise<void>,
  ) {}

  static async of(modules: readonly Type<object>[], provided: Provided, stubs: ReadonlyMap<unknown, Stub>): Promise<HostedHandlers> {
    const providers = [
      { provide: Clock, useValue: provided.clock },
      { provide: StepwellClient, useValue: provided.client },
      { provide: DataSource, useValue: provided.dataSource ?? absent('DataSource') },
      { provide: Documents, useValue: absent('Documents') },
    ];
    const globals = { module: KitProviders, global: true, providers, exports: providers };
    const builder = Test.createTestingModule({ imports: [globals, ...modules] }).setLogger(SILENT);
    for (const { provide, useValue } of provided.replacements) builder.overrideProvider(provide).useValue(useValue);
    const app = await (await builder.compile()).init();
    for (const { provide } of provided.replacements) requireProvided(app, provide);
    return new HostedHandlers(new HandlerRegistry(app), stubs, provided, () => app.close());
  }

  /** How many handlers hang now. */
  hanging = 0;

  get<T extends object>(type: Type<T>): T {
    const stub = this.stubs.get(type);
    const handler = this.registry.get(type);
    if (!stub) return this.provided.interceptors.has(type) ? awaited(handler, this.provided.activity) : handler;
    const run = stub === hangs ? (ctx: StepContext<never>) => this.hang(ctx.signal) : async (ctx: unknown) => stub(ctx);
    // What else the handler has, such as its `verify`, stays its own.
    return Object.assign(Object.create(handler) as T, { run, read: run });
  }

  private hang(signal: AbortSignal): Promise<never> {
    this.hanging++;
    return new Promise((_, reject) => {
      const end = (): void => {
        this.hanging--;
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', end, { once: true });
    });
  }

  screen(type: Type<AnyScreen>): AnyScreen {
    return this.registry.screen(type);
  }
}

class KitProviders {}

/** The interceptor, with each call of a hook of it under way until it has ended. */
function awaited<T extends object>(interceptor: T, activity: Activity): T {
  return new Proxy(interceptor, {
    get: (target, property) => {
      const hook: unknown = Reflect.get(target, property);
      if (typeof hook !== 'function') return hook;
      return async (...args: unknown[]) => {
        const end = activity.begin(`${target.constructor.name}.${String(property)}`);
        try {
          return (await hook.apply(target, args)) as unknown;
        } finally {
          end();
        }
      };
    },
  });
}

const quiet = (): void => undefined;
const SILENT: LoggerService = { log: quiet, error: quiet, warn: quiet };

/** A replacement of what nobody provides would never be seen. */
function requireProvided(app: Pick<ModuleRef, 'get'>, token: InjectionToken): void {
  try {
    app.get(token, { strict: false });
  } catch (cause) {
    const name = typeof token === 'function' ? token.name : String(token);
    throw new Error(`testKit, providers: no module of this test provides ${name}, so nothing can stand in its place.`, { cause });
  }
}

/** Something that a provider may inject although there is none: who uses it is told. */
function absent(name: string): object {
  return new Proxy(
    {},
    {
      get: (target, property) => {
        // Nest asks whatever it holds whether it is a promise or has hooks.
        if (typeof property === 'symbol' || property in target || /^(then$|on[A-Z]|before[A-Z])/.test(property))
          return Reflect.get(target, property) as unknown;
        throw new Error(
          `The test kit has no ${name} on this store (asked for "${property}"). Run the test on PostgreSQL, or give the step that needs it a stub.`,
        );
      },
    },
  );
}
