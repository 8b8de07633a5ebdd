/** A step that has come to its output, as the interceptors of its workflow are told of it. What it costs to say is paid when it is asked for. */
import type { Json } from '@stepwell/contracts';
import { contextBehind, type Graph, type Hold, type RunState } from '@stepwell/engine';
import type { CompletedStep, InterceptedRun, RunContext } from '@stepwell/sdk';
import { graphFingerprint } from '../hosting/graph-fingerprint.js';
import { type CheckpointTexts, MAX_CONTEXT_BYTES, nonceOfHold } from '../runs/checkpoint-text.js';

/** As for one that is exported, unless somebody says otherwise. */
const GOOD_FOR_MS = 7 * 86_400_000;

export interface Behind {
  readonly run: InterceptedRun;
  readonly graph: Graph;
  readonly state: RunState;
  readonly hold: Hold;
  readonly texts: CheckpointTexts;
}

/** @param stop the run is to stop there */
export function stepBehind({ run, graph, state, hold, texts }: Behind, stop: () => void): CompletedStep {
  const { tenant, runId, workflow, version, actor } = run;
  const { seq, path, iteration, attempt, startedAt, at } = hold;
  const duration = Math.max(0, at - startedAt);
  const output = structuredClone(state.nodes.get(path, iteration)?.output ?? null);
  let known: RunContext | undefined;
  let text: string | undefined;
  const context = () => (known ??= structuredClone(contextBehind(state, seq)));
  const checkpoint = () => {
    const all = context() as unknown as Json;
    const isSmall = Buffer.byteLength(JSON.stringify(all)) <= MAX_CONTEXT_BYTES;
    const place = { tenant, runId, seq, workflow, version, path, iteration, fingerprint: graphFingerprint(graph) };
    return texts.write({ ...place, nonce: nonceOfHold(runId, seq), expiresAt: at + GOOD_FOR_MS, context: isSmall ? all : null });
  };
  return {
    ...{
      tenant,
      runId,
      workflow,
      version,
      actor,
      stepName: graph.byPath.get(path)?.id ?? path,
      path,
      iteration,
      attempt,
      output,
      duration,
    },
    get context() {
      return context();
    },
    get checkpoint() {
      return (text ??= checkpoint());
    },
    stop,
  };
}
