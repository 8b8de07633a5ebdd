/** Which executor runs a node is decided by its kind. */
import type { Entry } from './entry.js';
import { executeEmitRecords } from './execute-emit-records.js';
import { executeStandIn } from './execute-stand-in.js';
import { executeStep } from './execute-step.js';
import { executeVerification } from './execute-verification.js';
import { faultOf } from './faults.js';
import type { ActivationHandle } from './host.js';

const EXECUTORS: Readonly<Record<string, (activation: ActivationHandle, entry: Entry) => Promise<void>>> = {
  step: executeStep,
  compensation: executeStep,
  'emit-records': executeEmitRecords,
};

/** Begins an entry. Returns at once; the executor reports to the activation and never rejects. */
export function execute(activation: ActivationHandle, entry: Entry): void {
  const { node } = entry.action;
  const executor = EXECUTORS[node.definition.kind];
  if (!executor) throw new Error(`Nodes of kind "${node.definition.kind}" cannot be executed.`);
  const { iteration, attempt, standIn } = entry.action;
  activation.host.entering({ runId: activation.run.id, node, iteration, attempt });
  const executing =
    standIn === undefined
      ? executor(activation, entry)
      : standIn === 'verify'
        ? executeVerification(activation, entry)
        : executeStandIn(activation, entry, standIn);
  executing.catch((error: unknown) =>
    activation.host.log.error('An executor failed', { runId: activation.run.id, node: node.path, error: faultOf(error).message }),
  );
}
