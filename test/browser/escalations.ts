/** Workflows whose tasks nobody decides in time: a chain with a step of each kind, one that fails, and a task that nobody may decide. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsIn } from 'class-validator';
  class Verdict {}
  IsIn(['approve', 'refuse'])(Verdict.prototype, 'verdict');
  class Approve {
    answer = Verdict;
    props({ input }) {
      return input;
    }
    subject({ input }) {
      return 'Claim ' + input.number;
    }
  }
  sdk.Screen({ id: 'approve', title: 'Approve a claim' })(Approve);
  class FindDuty {
    run() {}
  }
  sdk.Step({ id: 'find-duty' })(FindDuty);
`;

const WORKFLOWS = `
  sdk.workflow('claim', { version: 1, title: 'Claims' }).screen(Approve, { escalate: [
    { after: '1h', assign: { assignee: 'demo-operator' } },
    { after: '2h', notify: ({ input }) => [input.boss] },
    { after: '3h', run: FindDuty },
    { after: '4h', answer: { verdict: 'refuse' } },
  ] }),
  sdk.workflow('flight', { version: 1, title: 'Flights' }).screen(Approve, { escalate: [{ after: '1h', fail: 'It is too late to fly.' }] }),
  sdk.workflow('lonely', { version: 1, title: 'Lonely' }).screen(Approve, { assignee: 'ghost' }),
`;

export function compiledWithEscalations(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES, ['Approve', 'FindDuty']);
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}
