// What is measured: a script per system, run by Node in a process of its own. stepwell/README.md says what such a script must do.

import { fileURLToPath } from 'node:url';

const script = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The system whose figures the others are a share of. */
export const ANCHOR = 'bare-loop';

/** In the order in which they take turns. `check`, where given, must succeed on an empty database before anything is measured. */
export const SYSTEMS = [
  { name: ANCHOR, script: script('bare-loop/three-steps.mjs'), check: script('bare-loop/fence.check.mjs') },
  { name: 'stepwell', script: script('stepwell/three-steps.mjs') },
];

/** In the order in which they are run. */
export const WORKLOADS = {
  W1: 'three-step runs, each step durable before the next one starts',
  W2: 'latency of a one-step run, one at a time',
};
