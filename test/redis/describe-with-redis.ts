import { findTestProgram } from '../setup/programs.mjs';

/** Without redis-server these tests are skipped; `npm test` installs it or says so, and with CI=true refuses to go on. */
export const describeWithRedis = findTestProgram('redis-server') ? describe : describe.skip;
