/** A bug that is seen while it is at work, and one that shows at rest alone: whoever finds neither has become blind. All of them: `npm run faults -- --mutations`. */
import { findMutation } from './mutate.js';

it.each([
  ['lost-slot', /^Not true that G6: /],
  ['early-acknowledgement', /^Not true that G4: /],
] as const)(
  'the auditor finds out: %s',
  async (bug, sentence) => {
    const lines: string[] = [];
    const found = await findMutation(bug, { seed: 42, rate: 60, log: (line) => lines.push(line) }).catch((error: unknown) => {
      console.info(lines.join('\n'));
      throw error;
    });
    expect(found.violation).toMatch(sentence);
  },
  600_000,
);
