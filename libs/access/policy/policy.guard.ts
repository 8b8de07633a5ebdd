/**
 * The one gate of every resolver, field resolver and route: it denies unless the policy allows. `PolicyCheck` refuses to boot when a
 * policy is missing; should one be missing all the same, this guard refuses the call.
 */
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { includesRole, StepwellError } from '@stepwell/contracts';
import type { Viewer, WithViewer } from '../viewer.js';
import { POLICY, type PolicyName } from './policy.decorator.js';

/** GraphQL passes parent, arguments, context, info. */
const GRAPHQL_CONTEXT = 2;

@Injectable()
export class PolicyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): true {
    const policy = this.reflector.getAllAndOverride<PolicyName | undefined>(POLICY, [context.getHandler(), context.getClass()]);
    switch (policy) {
      case undefined:
        throw new StepwellError('POLICY_MISSING', { where: `${context.getClass().name}.${context.getHandler().name}` });
      case 'public':
        return true;
      case 'signed':
        if (context.getType() !== 'http') throw new StepwellError('FORBIDDEN');
        return true;
      default: {
        const viewer = viewerOf(context);
        if (!viewer) throw new StepwellError('NOT_SIGNED_IN');
        if (!includesRole(viewer.role, policy)) throw new StepwellError('FORBIDDEN');
        return true;
      }
    }
  }
}

function viewerOf(context: ExecutionContext): Viewer | undefined {
  if (context.getType() === 'http') return context.switchToHttp().getRequest<WithViewer>().viewer;
  return context.getArgByIndex<WithViewer | undefined>(GRAPHQL_CONTEXT)?.viewer;
}
