/** Which executor runs a node is decided by its kind. */
import type { Entry } from './entry.js';
import { executeEmitRecords } from './execute-emit-records.js';
import { executeStandIn } from './execute-stand-in.js';
import { executeStep } from './execute-step.js';
import { executeVerification } from './execute-verification.js';
import { faultOf } from './faults.js';
import { aboutRun, type ActivationHandle } from './host.js';
import { entryKeyOf, spanOf } from '../tracing/span-ids.js';

type Executor = (activation: ActivationHandle, entry: Entry) => Promise<void>;

const EXECUTORS: Readonly<Record<string, Executor>> = {
  step: executeStep,
  compensation: executeStep,
  'emit-records': executeEmitRecords,
};

/** Begins an entry. Returns at once; the executor reports to the activation and never rejects. */
export function execute(activation: ActivationHandle, entry: Entry): void {
  const { host, run, state } = activation;
  const { node, iteration, attempt, standIn } = entry.action;
  const executor = EXECUTORS[node.definition.kind];
  if (!executor) throw new Error(`Nodes of kind "${node.definition.kind}" cannot be executed.`);
  host.entering({ ...aboutRun(run), node, iteration, attempt, standIn });
  const executing = host.tracing
    ? host.tracing.within(spanOf(run.id, entryKeyOf(state, { path: node.path, iteration, attempt }, standIn)), () =>
        begin(executor, activation, entry),
      )
    : begin(executor, activation, entry);
  executing.catch((error: unknown) =>
    host.log.error('An executor failed', { ...aboutRun(run), node: node.path, error: faultOf(error).message }),
  );
}

function begin(executor: Executor, activation: ActivationHandle, entry: Entry): Promise<void> {
  const { standIn } = entry.action;
  if (standIn === undefined) return executor(activation, entry);
  return standIn === 'verify' ? executeVerification(activation, entry) : executeStandIn(activation, entry, standIn);
}
