import { Screen, type ScreenHandler, type ScreenLink, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { hostedWorkflows } from './hosted-workflows.js';
import { checkLinks } from './link-check.js';

class Verdict {
  @IsIn(['yes', 'no'])
  verdict!: string;
}

const checked = (links: readonly ScreenLink<Verdict>[], bulk?: ScreenHandler<null, Verdict>['bulk']): Promise<void> => {
  @Screen({ id: 'approve', title: 'Approve' })
  class Approve implements ScreenHandler<null, Verdict> {
    readonly answer = Verdict;
    readonly links = links;
    readonly bulk = bulk ?? false;
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

  it('takes any answer for many tasks, or a list of those whose answers the class takes, and nothing else', async () => {
    await checked([], true);
    await checked([], [{ label: 'Yes to all', answer: { verdict: 'yes' } }]);
    await expect(checked([], [{ label: 'Maybe', answer: { verdict: 'maybe' } }])).rejects.toThrow(
      /its bulk answer "Maybe" does not fit Verdict/,
    );
    for (const none of [[], 'yes' as never]) await expect(checked([], none)).rejects.toThrow(/bulk is true, or a list of answers/);
  });

  it.each([
    [{ label: 'Maybe', answer: { verdict: 'maybe' } }, /Screen Approve.*its link "Maybe" does not fit Verdict \(verdict: /],
    [{ label: ' ', answer: { verdict: 'yes' } }, /the label of a link is " "/],
  ])('refuses %j', async (link, reason) => {
    await expect(checked([link])).rejects.toThrow(reason);
  });
});
