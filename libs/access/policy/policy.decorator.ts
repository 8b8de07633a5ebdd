import { SetMetadata } from '@nestjs/common';
import type { Role } from '@stepwell/contracts';

/**
 * Who may call a resolver or a route:
 * - `public`: anybody;
 * - a role: whoever is signed in with it or a higher one;
 * - `signed`: whoever holds a signed URL. The route itself must check the signature before it does anything.
 */
export type PolicyName = 'public' | 'signed' | Role;

export const POLICY = Symbol('stepwell.policy');

/** Declares the policy of a method, or of a class for all its methods; the method's own wins. Without one the app does not boot. */
export function Policy(policy: PolicyName): MethodDecorator & ClassDecorator {
  return SetMetadata(POLICY, policy);
}
