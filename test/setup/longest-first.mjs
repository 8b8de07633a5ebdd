// Jest starts the longest files first when it remembers how long they took. A clean clone remembers nothing and goes by size, and a long
// file that comes late leaves the other workers without work. So the long ones are named here, the longest first, but so that beside one
// with many processes another worker has some with one. The random schedules come early: what a worker has loaded makes its collections dear.
import TestSequencer from '@jest/test-sequencer';

const LONGEST = [
  'test/crash/crash.e2e-spec.ts',
  'test/interleavings/pairs-1.int-spec.ts',
  'test/interleavings/pairs-2.int-spec.ts',
  'libs/testing/worker-schedules.spec.ts',
  'libs/engine/schedules.spec.ts',
  'test/faults/faults.e2e-spec.ts',
  'test/interleavings/meetings.int-spec.ts',
  'test/poison/poison.e2e-spec.ts',
  'test/tenants/two-tenants.int-spec.ts',
  'test/cost/cost.int-spec.ts',
  'test/browser/inbox.e2e-spec.ts',
  'libs/wakeups/postgres/postgres-wake-up-queue.int-spec.ts',
  'test/retention/retention.int-spec.ts',
  'test/engine/lease.int-spec.ts',
  'test/browser/accessibility.e2e-spec.ts',
  'test/engine/emitter.int-spec.ts',
  'libs/testing/test-kit.int-spec.ts',
  'test/browser/workflows.e2e-spec.ts',
  'test/engine/timers.int-spec.ts',
  'test/engine/leaving.int-spec.ts',
  'test/browser/runs.e2e-spec.ts',
  'test/server/idle.e2e-spec.ts',
  'test/server/start-server.e2e-spec.ts',
  'test/server/reset-password.e2e-spec.ts',
];

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = LONGEST.findIndex((name) => path.endsWith(`/${name}`));
      return found === -1 ? LONGEST.length : found;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
}
