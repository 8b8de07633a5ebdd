import { Screen, type ScreenHandler, type ScreenLink, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { hostedWorkflows } from './hosted-workflows.js';
import { checkLinks } from './link-check.js';

class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

const checked = (links: readonly ScreenLink<Verdict>[]): Promise<void> => {
  @Screen({ id: 'approve', title: 'Approve' })
  class Approve implements ScreenHandler<null, Verdict> {
    readonly answer = Verdict;
    readonly links = links;
    props() {
      return null;
    }
  }
  const module = class {};
  WorkflowModule({ workflows: [workflow('order', { version: 1 }).screen(Approve)], providers: [Approve] })(module);
  return checkLinks(hostedWorkflows([module]).catalog, { screen: (type) => new type() });
};

describe('the boot', () => {
  it('takes links whose answers the class takes', async () => {
    await checked([{ label: 'Yes', answer: { verdict: 'yes' } }]);
    await checked([]);
  });

  it.each([
    [{ label: 'Maybe', answer: { verdict: 'maybe' } }, /Screen Approve.*its link "Maybe" does not fit Verdict \(verdict: /],
    [{ label: ' ', answer: { verdict: 'yes' } }, /the label of a link is " "/],
  ])('refuses %j', async (link, reason) => {
    await expect(checked([link])).rejects.toThrow(reason);
  });
});
