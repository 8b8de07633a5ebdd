/**
 * Stands at the head of a workflow with `cancelOn`, one for each event: so listening begins in the run's first commit, by the means that
 * every other node has. Not written by authors; `definitionOf` puts it there.
 */
import type { CancelOn } from '../event.js';
import type { NodeBase } from '../flow.js';

export interface CancelOnNode extends NodeBase {
  readonly kind: 'cancel-on';
  readonly event: string;
  readonly external: boolean;
  readonly match: (input: never) => unknown;
}

declare module '../flow.js' {
  interface NodeDefinitions {
    cancelOn: CancelOnNode;
  }
}

export function cancelOnNodes(listeners: readonly CancelOn<never>[]): readonly CancelOnNode[] {
  return listeners.map(({ event, external, match }, index) => ({
    kind: 'cancel-on',
    id: `cancel-on-${index + 1}`,
    event,
    external,
    match,
  }));
}
