import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Branch, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';
import type { ReadContext } from '../read-context.js';
import type { Condition } from './if.node.js';

/** What a router may go by; compared as text, so `2` takes the route `2`. */
export type RouteValue = string | number | boolean;

export interface RouteOptions<In> {
  readonly id?: string;
  /** Taken when no route fits. Without it the node then fails with ROUTE_UNMATCHED. */
  readonly otherwise?: Branch<In>;
}

export interface ConditionalRoute<In> {
  readonly when: Condition<In>;
  readonly branch: Branch<In>;
}

export interface RouterNode extends NodeBase {
  readonly kind: 'router';
  /** Undefined when each route has a condition. */
  readonly value: ((ctx: ReadContext<never>) => unknown) | undefined;
  /** The default, if there is one, comes last and is called `otherwise`. */
  readonly routes: readonly RouteDefinition[];
}

export interface RouteDefinition {
  readonly name: string;
  readonly condition: Condition<never> | undefined;
  readonly nodes: readonly NodeDefinition[];
}

export const OTHERWISE = 'otherwise';

declare module '../flow.js' {
  interface NodeDefinitions {
    router: RouterNode;
  }
  interface Flow<In> {
    /**
     * Takes the route that is named like the value. Where the value's type is a list of literals, each of them needs a route, unless there
     * is an `otherwise`. The value is asked for once and the choice stored. The output is the route's last result.
     */
    route<V extends RouteValue>(
      value: (ctx: ReadContext<In>) => V | Promise<V>,
      routes: Readonly<Record<`${NoInfer<V>}`, Branch<In>>>,
      options?: RouteOptions<In> & { otherwise?: never },
    ): Flow<In>;
    route<V extends RouteValue>(
      value: (ctx: ReadContext<In>) => V | Promise<V>,
      routes: Readonly<Partial<Record<`${NoInfer<V>}`, Branch<In>>>>,
      options: RouteOptions<In> & { otherwise: Branch<In> },
    ): Flow<In>;
    /** Takes the first route whose condition holds, in the order in which they are written. Else as with a value. */
    route(routes: Readonly<Record<string, ConditionalRoute<In>>>, options?: RouteOptions<In>): Flow<In>;
  }
}

type AnyRoutes = Readonly<Record<string, Branch<unknown> | ConditionalRoute<unknown>>>;

FlowBuilder.prototype.route = function (this: FlowBuilder<unknown>, first: RouterNode['value'] | AnyRoutes, ...rest: unknown[]) {
  const value = typeof first === 'function' ? first : undefined;
  const routes = (value ? rest.shift() : first) as AnyRoutes;
  const { id: given, otherwise } = (rest[0] ?? {}) as RouteOptions<unknown>;
  const id = given === undefined ? this.nextId('route') : checkId(given);
  const where = `Workflow "${this.name}", route "${id}"`;
  const built = Object.entries(routes).map(([name, route]): RouteDefinition => {
    checkName(name, value !== undefined, where);
    if (typeof route === 'function') return { name, condition: undefined, nodes: this.branch(route) };
    return { name, condition: route.when, nodes: this.branch(route.branch) };
  });
  if (otherwise) built.push({ name: OTHERWISE, condition: undefined, nodes: this.branch(otherwise) });
  this.nodes.push({ kind: 'router', id, value, routes: built });
  return this;
} as FlowBuilder<unknown>['route'];

/** A name is a part of paths. Those of conditions begin with a letter, for an object puts numbers before all else, whatever was written first. */
function checkName(name: string, isValue: boolean, where: string): void {
  const refuse = (reason: string) => new StepwellError('OPTION_INVALID', { where: `${where}, "${name}"`, reason });
  if (name === OTHERWISE) throw refuse('the default is an option: { otherwise: (branch) => ... }.');
  if (!isValue) checkId(name);
  else if (!/^[A-Za-z0-9_-]+$/.test(name))
    throw refuse('a route is named with letters, digits, "-" and "_"; let the function return a name of that kind.');
}
