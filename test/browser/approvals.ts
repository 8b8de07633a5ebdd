/** A workflow whose task can be decided by the links of a message. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsIn } from 'class-validator';
  class Verdict {}
  IsIn(['approve', 'refuse'])(Verdict.prototype, 'verdict');
  class Approve {
    answer = Verdict;
    links = [{ label: 'Approve', answer: { verdict: 'approve' } }, { label: 'Refuse', answer: { verdict: 'refuse' } }];
    props({ input }) {
      return { supplier: input.supplier, total: input.total };
    }
    subject({ input }) {
      return 'Invoice of ' + input.supplier;
    }
  }
  sdk.Screen({ id: 'approve', title: 'Approve an invoice', instructions: 'Is it what was ordered?' })(Approve);
`;

export function compiledWithApprovals(): CompiledProject {
  const project = compiledWith(
    `sdk.workflow('approval', { version: 1, title: 'Approve invoices' }).screen(Approve, { assignee: ({ input }) => input.buyer, due: '2d' })`,
    CLASSES,
    ['Approve'],
  );
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}
