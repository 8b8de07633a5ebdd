/**
 * The builder's spine. What can stand in a graph is not listed here: each file in `nodes/` adds its definition to `NodeDefinitions`
 * and its method to `Flow`, so a new node kind is a new file. The builder's type carries the input and nothing else, so type-checking
 * stays linear in the number of nodes; results are typed by handler token instead.
 */
import { authored } from './authored.js';
import type { WorkflowOptions } from './workflow-options.js';

/** The node kinds by name; extended by declaration merging in `nodes/*.node.ts`. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface NodeDefinitions {}
export type NodeDefinition = NodeDefinitions[keyof NodeDefinitions];

/** What every node definition has. `id` is stored data: renaming one needs a migration plan. */
export interface NodeBase {
  readonly kind: string;
  readonly id: string;
}

/** The authoring interface; its methods come from `nodes/*.node.ts`. `In` is the workflow's input. */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- every merged declaration needs the same type parameters
export interface Flow<In> {
  readonly __flow?: true;
}

/** Adds nodes to a branch: `(branch) => branch.then(...)`. */
export type Branch<In> = (flow: Flow<In>) => Flow<In>;

/** The one implementation of `Flow`. `nodes/*.node.ts` put their methods on its prototype. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- each method is put on the prototype where it is declared
export class FlowBuilder<In> {
  readonly nodes: NodeDefinition[] = [];

  constructor(
    readonly options: WorkflowOptions<In>,
    readonly name: string,
    private readonly counters: Map<string, number> = new Map(),
  ) {}

  /** The generated id of a control node: `when-1`, `when-2` ... counted over the whole workflow. */
  nextId(prefix: string): string {
    const count = (this.counters.get(prefix) ?? 0) + 1;
    this.counters.set(prefix, count);
    return `${prefix}-${count}`;
  }

  /** Builds a branch and returns its nodes. */
  branch(build: Branch<In>): NodeDefinition[] {
    const inner = new FlowBuilder<In>(this.options, this.name, this.counters);
    build(inner);
    return inner.nodes;
  }
}
export interface FlowBuilder<In> extends Flow<In> {
  readonly __flow?: true;
}

type Method = (this: FlowBuilder<unknown>, ...args: unknown[]) => unknown;
/** Not for authors. */
const OWN = ['constructor', 'nextId', 'branch'];
const guarded = new WeakSet<Method>();

/** Every method that the files in `nodes/` have put on the builder so far tells of arguments of the wrong kind where it stands. */
export function guardMethods(): void {
  const methods = FlowBuilder.prototype as unknown as Record<string, Method>;
  for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(methods)).map(
    ([name, { value }]) => [name, value as Method] as const,
  )) {
    if (OWN.includes(name) || guarded.has(method)) continue;
    methods[name] = function (...args) {
      return authored(`Workflow "${this.name}", ${name}`, () => method.apply(this, args));
    };
    guarded.add(methods[name]);
  }
}
