/**
 * JavaScript for `compiledWith`: a worker says when it has begun to stop. From then on it begins no step, and what is at work may end. A test
 * that holds a step until then need not hope that the step takes longer than the way of a signal.
 */
export const SAYS_WHEN_IT_STOPS = `
import { Worker } from '../../libs/runtime/index.js';
const { stop } = Worker.prototype;
Worker.prototype.stop = function () {
  const stopped = stop.call(this);
  console.log('begins nothing more: ' + process.pid);
  return stopped;
};`;
