import type { WaitForSignalNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';

/** Waits for a signal. Those that came before it began are in the state, and it takes the oldest that no other wait has taken. */
export const waitForSignalKind: NodeKind<WaitForSignalNode> = {
  kind: 'wait-for-signal',
  label: (definition) => definition.signal,
  options: ({ timeoutMs }) => ({ timeoutMs }),

  advance: (node, iteration, decision) => {
    const { signal, timeoutMs } = node.definition;
    const state = decision.state.nodes.get(node.path, iteration);
    const at = { path: node.path, iteration, attempt: 1 };
    if (!state) {
      const payload = { signal, dueAt: timeoutMs === null ? null : decision.now + timeoutMs };
      return decision.record(node, iteration, 'listen', [{ ...at, type: 'signal-wait.started', payload }]);
    }
    if (state.phase === 'completed') return { status: 'completed', output: state.output };
    const [heard] = decision.state.unheard.get(signal) ?? [];
    if (heard)
      return decision.record(node, iteration, 'hear', [{ ...at, type: 'signal.heard', payload: { name: signal, seq: heard.seq } }]);
    if (state.dueAt !== undefined && state.dueAt <= decision.now)
      return decision.record(node, iteration, 'time-out', [{ ...at, type: 'signal-wait.timed-out', payload: null }]);
    return decision.wait('signal', state.dueAt);
  },
};
