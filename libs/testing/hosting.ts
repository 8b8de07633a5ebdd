/** The modules of a test, built by Nest as the server builds them, and stubs in the place of handlers. */
import { NestFactory } from '@nestjs/core';
import { Clock } from '@stepwell/engine';
import { HandlerRegistry, type Handlers } from '@stepwell/runtime';
import { type AnyScreen, Documents, type StepContext, StepwellClient, type Type } from '@stepwell/sdk';
import { DataSource } from 'typeorm';

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

export interface Provided {
  readonly clock: Clock;
  readonly client: StepwellClient;
  readonly dataSource: DataSource | undefined;
}

export class HostedHandlers implements Handlers {
  private constructor(
    private readonly registry: HandlerRegistry,
    private readonly stubs: ReadonlyMap<unknown, Stub>,
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
    const app = await NestFactory.createApplicationContext(
      { module: KitModules, imports: [globals, ...modules] },
      { logger: false, abortOnError: false },
    );
    return new HostedHandlers(new HandlerRegistry(app), stubs, () => app.close());
  }

  /** How many handlers hang now. */
  hanging = 0;

  get<T extends object>(type: Type<T>): T {
    const stub = this.stubs.get(type);
    if (stub === hangs) return { run: (ctx: StepContext<never>) => this.hang(ctx.signal) } as unknown as T;
    return stub
      ? ({ run: async (ctx: unknown) => stub(ctx), read: async (ctx: unknown) => stub(ctx) } as unknown as T)
      : this.registry.get(type);
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

class KitModules {}
class KitProviders {}

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
