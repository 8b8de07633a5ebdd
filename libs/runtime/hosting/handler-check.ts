/**
 * What can be known of a provider class before the container builds it: that no two handlers share an id, and that something can fill
 * each constructor argument. A type-only import, an interface, or a class without any decorator leaves no class in the compiler's
 * metadata, and Nest would either stop with a page of advice or inject `undefined`; here it is one sentence.
 */
import 'reflect-metadata';
import { StepwellError } from '@stepwell/contracts';
import { screenMetadata, stepMetadata, type Type } from '@stepwell/sdk';
import { moduleName } from './module-name.js';

// The keys under which TypeScript and Nest (`@Inject`, `@Optional`) keep what they know of constructor arguments.
const PARAMETER_TYPES = 'design:paramtypes';
const INJECTED = 'self:paramtypes';
const OPTIONAL = 'optional:paramtypes';

const NOT_INJECTABLE: ReadonlySet<unknown> = new Set([String, Number, Boolean, Symbol, BigInt, Array, Function, Promise, Map, Set, Date]);

export class HandlerCheck {
  private readonly byId = new Map<string, { readonly type: Type<unknown>; readonly module: Type<object> }>();

  /** @throws StepwellError HANDLER_DUPLICATE, HANDLER_UNRESOLVED */
  add(type: Type<unknown>, module: Type<object>): void {
    requireArguments(type);
    const id = stepMetadata(type)?.id ?? screenMetadata(type)?.id;
    if (id === undefined) return;
    const before = this.byId.get(id);
    if (before && before.type !== type) {
      const [first, second] = [before.type.name, type.name];
      const [firstModule, secondModule] = [moduleName(before.module), moduleName(module)];
      throw new StepwellError('HANDLER_DUPLICATE', { id, first, firstModule, second, secondModule });
    }
    this.byId.set(id, { type, module });
  }
}

function requireArguments(type: Type<unknown>): void {
  const types = Reflect.getMetadata(PARAMETER_TYPES, type) as unknown[] | undefined;
  const injected = (Reflect.getMetadata(INJECTED, type) as { index: number }[] | undefined) ?? [];
  const optional = (Reflect.getMetadata(OPTIONAL, type) as number[] | undefined) ?? [];
  for (let index = 0; index < Math.max(types?.length ?? 0, type.length); index++) {
    if (injected.some((one) => one.index === index) || optional.includes(index)) continue;
    const advice = types ? adviceFor(types[index]) : `Mark ${type.name} with @Injectable(), so that the types of its arguments are known.`;
    if (advice !== undefined) throw new StepwellError('HANDLER_UNRESOLVED', { handler: type.name, argument: argumentName(index), advice });
  }
}

function adviceFor(argument: unknown): string | undefined {
  if (argument === undefined || argument === Object) {
    return 'Its type is not there at run time: import the class as a value, not with "import type"; for an interface name a token with @Inject(TOKEN).';
  }
  if (NOT_INJECTABLE.has(argument))
    return `A ${(argument as Type<unknown>).name} cannot be provided by its type: name a token with @Inject(TOKEN).`;
  return undefined;
}

/** @param index counts from 0 */
export function argumentName(index: number): string {
  return `constructor argument ${index + 1}`;
}
