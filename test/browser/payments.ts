/** A workflow whose payment two people release, each without the other. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProject, compiledWith } from '../server/compiled-with.js';

const CLASSES = `
  import { IsIn, IsOptional, Length } from 'class-validator';
  class Release {}
  IsIn(['release', 'stop'])(Release.prototype, 'verdict');
  [IsOptional(), Length(0, 200)].forEach((decorate) => decorate(Release.prototype, 'note'));
  class ReleasePayment {
    answer = Release;
    props({ input }) {
      return { creditor: input.creditor, total: input.total };
    }
    mayDecide(person, { props }) {
      if (props.creditor === 'Unruly Ltd') throw new Error('no limit is known for it');
      return true;
    }
    subject({ input }) {
      return 'Payment to ' + input.creditor;
    }
  }
  sdk.Screen({ id: 'release-payment', title: 'Release a payment' })(ReleasePayment);
`;

export function compiledWithPayments(): CompiledProject {
  const project = compiledWith(
    `sdk.workflow('payment', { version: 1, title: 'Payments' }).screen(ReleasePayment, { reviews: { required: 2, of: 2, compare: ['verdict'] } })`,
    CLASSES,
    ['ReleasePayment'],
  );
  cpSync(join('dist', 'web'), join(project.dist, 'web'), { recursive: true });
  return project;
}
