/**
 * The boot check: every resolver, field resolver and route in Nest's containers declares its policy, or the app does not start. It
 * looks at what Nest itself would mount, so a forgotten decorator cannot hide in a library or a workflow module.
 */
import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { RESOLVER_NAME_METADATA, RESOLVER_PROPERTY_METADATA, RESOLVER_TYPE_METADATA } from '@nestjs/graphql';
import { StepwellError } from '@stepwell/contracts';
import { POLICY } from './policy.decorator.js';

type Method = (...args: never[]) => unknown;
interface Class extends Method {
  readonly name: string;
  readonly prototype: Record<string, unknown>;
}

@Injectable()
export class PolicyCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws StepwellError POLICY_MISSING, naming class and method */
  onModuleInit(): void {
    for (const type of this.discovery.getControllers().flatMap(classesOf)) this.check(type, isRoute);
    for (const type of this.discovery.getProviders().flatMap(classesOf)) this.check(type, isResolver);
  }

  private check(type: Class, isEntrance: (method: Method) => boolean): void {
    for (const name of this.scanner.getAllMethodNames(type.prototype)) {
      const method = type.prototype[name] as Method;
      if (!isEntrance(method) || this.reflector.getAllAndOverride<unknown>(POLICY, [method, type]) !== undefined) continue;
      throw new StepwellError('POLICY_MISSING', { where: `${type.name}.${name}` });
    }
  }
}

/** The class a provider was declared with, and the one of the instance when a factory or a value provided it. */
function classesOf({ metatype, instance }: InstanceWrapper<unknown>): Class[] {
  const made: unknown = typeof instance === 'object' && instance !== null ? instance.constructor : undefined;
  return [...new Set([metatype, made])].filter(
    (type): type is Class => typeof type === 'function' && typeof type.prototype === 'object' && type.prototype !== null,
  );
}

function isRoute(method: Method): boolean {
  const verb: unknown = Reflect.getMetadata(METHOD_METADATA, method);
  return typeof verb === 'number' && verb in RequestMethod;
}

function isResolver(method: Method): boolean {
  return [RESOLVER_TYPE_METADATA, RESOLVER_NAME_METADATA, RESOLVER_PROPERTY_METADATA].some((key) => Reflect.hasMetadata(key, method));
}
