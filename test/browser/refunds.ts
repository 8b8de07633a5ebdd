/** A workflow whose screens take an answer for many tasks at once: one any, one only that it is paid; and one that takes none. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsIn, IsOptional, Length } from 'class-validator';
  const screen = (id, title, bulk) => {
    class Answer {}
    IsIn(['pay', 'refuse'])(Answer.prototype, 'verdict');
    [IsOptional(), Length(0, 100)].forEach((decorate) => decorate(Answer.prototype, 'note'));
    class Asks {
      answer = Answer;
      bulk = bulk;
      props({ input }) {
        return input;
      }
      subject({ input }) {
        return title + ' ' + input.number;
      }
    }
    sdk.Screen({ id, title })(Asks);
    return Asks;
  };
  const Refund = screen('refund', 'Refund', [{ label: 'Pay it', answer: { verdict: 'pay' } }]);
  const Gift = screen('gift', 'Gift', true);
  const Loan = screen('loan', 'Loan', false);
  const columns = { Shop: ({ input }) => input.shop };
`;

const WORKFLOWS = `
  sdk.workflow('refund', { version: 1, title: 'Refund', columns }).screen(Refund),
  sdk.workflow('gift', { version: 1, title: 'Give', columns }).screen(Gift),
  sdk.workflow('loan', { version: 1, title: 'Lend', columns }).screen(Loan),
`;

export function compiledWithRefunds(): CompiledProject {
  const project = compiledWith(WORKFLOWS, CLASSES, ['Refund', 'Gift', 'Loan']);
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}
