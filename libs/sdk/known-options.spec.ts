import { IsIn } from 'class-validator';
import { Screen, Step } from './decorators.js';
import { DocumentField, DocumentListField } from './document-fields.js';
import './nodes/screen.node.js';
import './nodes/step.node.js';
import { MoneyField } from './money-field.js';
import { PLACED_SCREEN, PLACED_STEP, SCREEN_FIELDS } from './placed-options.js';
import { workflow } from './workflow.js';
import { WorkflowModule } from './workflow-module.js';

class Answer {
  @IsIn(['yes'])
  verdict!: string;
}

@Screen({ id: 'approve', title: 'Approve' })
class Approve {
  readonly answer = Answer;
  props() {
    return null;
  }
}

@Step({ id: 'check' })
class Check {
  run() {
    return null;
  }
}

/** As it comes out of JavaScript, or of a spread that the compiler does not look into. */
const loose = (options: object): never => options as never;

describe('an option that would do nothing', () => {
  it('is refused with the place where it belongs', () => {
    expect(() => Screen(loose({ id: 'approve', title: 'Approve', undoWindow: '10s' }))).toThrow(
      '@Screen "approve": undoWindow does nothing here. It belongs to the place in the graph: .screen(TheScreen, { undoWindow: ... }).',
    );
    expect(() => Screen(loose({ id: 'approve', title: 'Approve', bulk: true }))).toThrow('It belongs to the class: readonly bulk = ...');
    expect(() => Step(loose({ id: 'check', cache: {} }))).toThrow(
      '@Step "check": cache does nothing here. It belongs to the place in the graph: .then(TheStep, { cache: ... }).',
    );
    expect(() => workflow('orders', { version: 1 }).screen(Approve, loose({ openBelow: 0.5 }))).toThrow(
      'Workflow "orders", screen "approve": openBelow does nothing here. It belongs to the decorator: @Screen({ openBelow: ... }).',
    );
  });

  it('is refused with those that there are, when it is none at all', () => {
    expect(() => Step(loose({ id: 'check', retries: 3 }))).toThrow('there is no option retries; there are id, timeout, retry,');
    expect(() => Screen(loose({ id: 'approve', titel: 'x' }))).toThrow('there is no option titel; there are id, title,');
    class Claim {}
    expect(() => DocumentField(loose({ maxBites: 1 }))(Claim.prototype, 'report')).toThrow('Claim.report: there is no option maxBites');
    expect(() => DocumentField(loose({ maxCount: 1 }))(Claim.prototype, 'report')).toThrow(
      'It belongs to @DocumentListField({ maxCount: ... })',
    );
    expect(() => DocumentListField(loose({ most: 1 }))(Claim.prototype, 'scans')).toThrow('there is no option most');
    expect(() => MoneyField(loose({ currency: 'CHF', decimals: 2 }))(Claim.prototype, 'cost')).toThrow('there is no option decimals');
    class TheModule {}
    expect(() => WorkflowModule(loose({ workflows: [], imports: [] }))(TheModule)).toThrow(
      '@WorkflowModule TheModule: there is no option imports',
    );
  });

  it('is not one of those that the place takes, nor a field of a screen', () => {
    for (const name of PLACED_SCREEN) expect(() => workflow('orders', { version: 1 }).screen(Approve, { [name]: undefined })).not.toThrow();
    for (const name of PLACED_STEP) expect(() => workflow('orders', { version: 1 }).then(Check, { [name]: undefined })).not.toThrow();
    expect(SCREEN_FIELDS).toContain('suggest');
  });
});
