// What is measured, in the order in which they take turns. One file each; its libraries are loaded by `open`, in the process that measures it.
// README.md says what such a file must have.
import absurd from './absurd.mjs';
import bareLoop from './bare-loop.mjs';
import bullmq from './bullmq.mjs';
import dbos from './dbos.mjs';
import graphileWorker from './graphile-worker.mjs';
import mastra from './mastra.mjs';
import openworkflow from './openworkflow.mjs';
import pgBoss from './pg-boss.mjs';
import restate from './restate.mjs';
import stepwell from './stepwell.mjs';

/** The system whose figures the others are a share of. */
export const ANCHOR = bareLoop.name;

/** The system that the peers are compared with. */
export const PRODUCT = stepwell.name;

/** What an aim may be better than, instead of one of them. */
export const EVERY_PEER = 'every peer';

export const PEERS = [bareLoop, stepwell, dbos, openworkflow, absurd, restate, mastra, pgBoss, graphileWorker, bullmq];

/** @throws Error naming those that there are */
export function findPeer(name) {
  const peer = PEERS.find((one) => one.name === name);
  if (!peer) throw new Error(`There is no peer "${name}"; there are ${PEERS.map((one) => one.name).join(', ')}.`);
  return peer;
}
