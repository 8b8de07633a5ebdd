import { StepwellError } from '@stepwell/contracts';
import type { Graph } from './graph.js';

/** @throws StepwellError OPTION_INVALID for a wait for a signal that the workflow does not take: it would never come */
export function checkSignals({ workflow, byPath, definition: { signals } }: Graph): void {
  for (const { id, definition } of byPath.values()) {
    if (definition.kind !== 'wait-for-signal' || signals.some(({ name }) => name === definition.signal)) continue;
    const known = signals.map(({ name }) => `"${name}"`).join(', ') || 'nothing';
    const reason = `it waits for "${definition.signal}", but the workflow's signals have ${known}. Add it there.`;
    throw new StepwellError('OPTION_INVALID', { where: `Workflow "${workflow}", waitForSignal "${id}"`, reason });
  }
}
