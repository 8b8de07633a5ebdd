import type { AnyScreen, Type } from '@stepwell/sdk';
import type { ModuleRef } from '@nestjs/core';
import type { Handlers } from '../worker/host.js';

/** Handlers, screens and record sources as Nest has built them; looked up once per class. */
export class HandlerRegistry implements Handlers {
  private readonly known = new Map<unknown, object>();

  constructor(private readonly modules: Pick<ModuleRef, 'get'>) {}

  get<T extends object>(type: Type<T>): T {
    let instance = this.known.get(type);
    if (!instance) {
      instance = this.modules.get<object>(type, { strict: false });
      this.known.set(type, instance);
    }
    return instance as T;
  }

  screen(type: Type<AnyScreen>): AnyScreen {
    return this.get(type);
  }
}
