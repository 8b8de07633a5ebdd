// Jest starts the longest files first when it remembers how long they took. A clean clone remembers nothing and goes by size, and a long
// file that comes late leaves the other workers without work. So the long ones are named here, the longest first, and
// none with many processes beside another such one.
import TestSequencer from '@jest/test-sequencer';

const LONGEST = [
  'test/crash/crash.e2e-spec.ts',
  'test/interleavings/pairs-1.int-spec.ts',
  'test/poison/poison.e2e-spec.ts',
  'test/interleavings/pairs-2.int-spec.ts',
  'test/server/start-server.e2e-spec.ts',
  'test/tenants/two-tenants.int-spec.ts',
  'test/browser/inbox.e2e-spec.ts',
  'test/interleavings/meetings.int-spec.ts',
];

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = LONGEST.findIndex((name) => path.endsWith(name));
      return found === -1 ? LONGEST.length : found;
    };
    return super.sort(tests).sort((one, other) => place(one) - place(other));
  }
}
