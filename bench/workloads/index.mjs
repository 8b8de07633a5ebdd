// What is measured, in the order in which it is run. README.md says what a workload is.
import bulkResume from './bulk-resume.mjs';
import delivery from './delivery.mjs';
import emitter from './emitter.mjs';
import fanOut from './fan-out.mjs';
import flowControl from './flow-control.mjs';
import growth from './growth.mjs';
import latency from './latency.mjs';
import lists from './lists.mjs';
import memory from './memory.mjs';
import noisyTenant from './noisy-tenant.mjs';
import payloads from './payloads.mjs';
import resume from './resume.mjs';
import screens from './screens.mjs';
import threeSteps from './three-steps.mjs';
import timers from './timers.mjs';

const ALONE = [delivery, noisyTenant, flowControl, ...growth, lists, memory];

export const WORKLOADS = [threeSteps, latency, resume, bulkResume, fanOut, timers, emitter, screens, payloads, ...ALONE];

/** @throws Error naming the workloads that there are */
export function findWorkload(name) {
  const workload = WORKLOADS.find((one) => one.name === name);
  if (!workload) throw new Error(`There is no workload "${name}"; there are ${WORKLOADS.map((one) => one.name).join(', ')}.`);
  return workload;
}
