/** The test kit: imported as `@stepwell/sdk/testing`, by tests only. */
export type { Answerer } from './author-permits.js';
export { crashAtEveryCommit, type CrashReport } from './crash-at-every-commit.js';
export { hangs, type Replacement, type Stub } from './hosting.js';
export { replayJournal } from './replay.js';
export type { RunUnderTest } from './run-under-test.js';
export type { EmittedView, RunView, TaskView } from './stores/kit-store.js';
export { type TestKit, testKit, type TestKitOptions } from './test-kit.js';
