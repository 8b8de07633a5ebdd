import { StepwellError } from '@stepwell/contracts';
import { checkId } from '../check-id.js';
import { type Branch, type Flow, FlowBuilder, type NodeBase, type NodeDefinition } from '../flow.js';
import type { ReadContext } from '../read-context.js';

export type Condition<In> = (ctx: ReadContext<In>) => boolean | Promise<boolean>;

/** One arm of an if: taken when its condition is the first that holds. The else arm has no condition. */
export interface IfArm {
  readonly condition: Condition<never> | undefined;
  readonly nodes: readonly NodeDefinition[];
}

export interface IfNode extends NodeBase {
  readonly kind: 'if';
  readonly arms: IfArm[];
}

/** A flow whose last node is an if, so that it may get further arms. */
export interface WhenFlow<In> extends Flow<In> {
  elseIf(condition: Condition<In>, branch: Branch<In>): WhenFlow<In>;
  otherwise(branch: Branch<In>): Flow<In>;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    if: IfNode;
  }
  interface Flow<In> {
    /** Takes the branch when the condition holds. Its output is the branch's last result, or `undefined` when no branch was taken. */
    when(condition: Condition<In>, branch: Branch<In>, options?: { id?: string }): WhenFlow<In>;
  }
}

type Builder = FlowBuilder<unknown> & { elseIf: unknown; otherwise: unknown };
const prototype = FlowBuilder.prototype as Builder;

prototype.when = function (
  this: FlowBuilder<unknown>,
  condition: Condition<unknown>,
  branch: Branch<unknown>,
  options: { id?: string } = {},
) {
  const id = options.id === undefined ? this.nextId('when') : checkId(options.id);
  this.nodes.push({ kind: 'if', id, arms: [{ condition, nodes: this.branch(branch) }] });
  return this as unknown as WhenFlow<unknown>;
};

prototype.elseIf = function (this: FlowBuilder<unknown>, condition: Condition<unknown>, branch: Branch<unknown>) {
  openIf(this, 'elseIf').arms.push({ condition, nodes: this.branch(branch) });
  return this;
};

prototype.otherwise = function (this: FlowBuilder<unknown>, branch: Branch<unknown>) {
  openIf(this, 'otherwise').arms.push({ condition: undefined, nodes: this.branch(branch) });
  return this;
};

function openIf(flow: FlowBuilder<unknown>, method: string): IfNode {
  const last = flow.nodes.at(-1);
  if (last?.kind === 'if' && last.arms.at(-1)?.condition) return last;
  throw new StepwellError('OPTION_INVALID', {
    where: `Workflow "${flow.name}", ${method}`,
    reason: 'it must directly follow a when or an elseIf.',
  });
}
