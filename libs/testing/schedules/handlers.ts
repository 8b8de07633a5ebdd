/** Handlers as a server would inject them, and what a schedule adds to the context of a step. */
import type { Handlers } from '@stepwell/runtime';
import type { Type } from '@stepwell/sdk';

export function singletons(): Handlers {
  const instances = new Map<unknown, object>();
  const get = <T extends object>(type: Type<T>): T => {
    if (!instances.has(type)) instances.set(type, new type());
    return instances.get(type) as T;
  };
  return { get, screen: get };
}

/** The same object, with something more: it keeps what is private to it. */
export function withMore(ctx: object, more: Readonly<Record<string, unknown>>): object {
  return new Proxy(ctx, {
    get: (target, property) => {
      if (property in more) return more[property as string];
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
