// What is measured: a script per system, run by Node in a process of its own. stepwell/README.md says what such a script must do.

import { fileURLToPath } from 'node:url';

const script = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The system whose figures the others are a share of. */
export const ANCHOR = 'bare-loop';

/** The system that the peers are compared with. */
export const PRODUCT = 'stepwell';

/**
 * In the order in which they take turns. `check`, where given, must succeed on an empty database before anything is measured. `atMost` cuts the runs of a
 * system that would take minutes for them; figures are per run.
 */
export const SYSTEMS = [
  { name: ANCHOR, script: script('bare-loop/bare-loop.mjs'), check: script('bare-loop/fence.check.mjs') },
  { name: PRODUCT, script: script('stepwell/stepwell.mjs') },
  { name: 'dbos', script: script('dbos/dbos.mjs'), atMost: { W1: 2000 } },
];

/** In the order in which they are run. */
export const WORKLOADS = {
  W1: 'three-step runs, each step durable before the next one starts',
  W2: 'latency of a one-step run, one at a time',
  W3: 'resume of a waiting run, one at a time: one more step, then its end',
};
