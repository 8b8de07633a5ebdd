import { definitionOf, type Hosted, workflow, type WorkflowOptions } from '@stepwell/sdk';
import { compile } from './graph/compile.js';
import { WorkflowCatalog } from './workflow-catalog.js';

interface Order {
  readonly customer: string;
}

const version = (number: number, more: Partial<WorkflowOptions<Order>> = {}) =>
  workflow<Order>('order', { version: number, ...more }).then('file', () => 1);

/** A text's lot is the number at its end, in hundredths. */
const lotOf = (text: string): number => Number(text.slice(-2)) / 100;

function catalogOf(...workflows: Hosted[]): WorkflowCatalog {
  const hosted = workflows.map((one) => {
    const definition = definitionOf(one);
    return { definition, graph: compile(definition), needs: `${definition.name}@${definition.version}`, processor: undefined };
  });
  return new WorkflowCatalog(hosted, lotOf);
}

const started = (catalog: WorkflowCatalog, id: string, customer = '') =>
  catalog.toStart('order', { id, input: { customer } })?.definition.version;

describe('versions side by side', () => {
  it('start new runs on the newest that is not deprecated, and keep all for those that there are', () => {
    expect(started(catalogOf(version(1), version(2)), 'run-00')).toBe(2);
    const rolledBack = catalogOf(version(2, { deprecated: true }), version(1));
    expect(started(rolledBack, 'run-00')).toBe(1);
    expect(rolledBack.version('order', 2)?.needs).toBe('order@2');
    expect(rolledBack.all().map(({ needs }) => needs)).toEqual(['order@2', 'order@1']);
  });

  it('have a workflow whose every version is deprecated say so', () => {
    expect(catalogOf(version(1, { deprecated: true })).get('order')?.definition.isDeprecated).toBe(true);
  });

  it('give a canary its share, of runs or of keys, and the newest settled version the rest', () => {
    const byRun = catalogOf(version(1), version(2), version(3, { canary: 10 }));
    const counts = new Map<number | undefined, number>();
    for (let lot = 0; lot < 100; lot++) {
      const found = started(byRun, `run-${String(lot).padStart(2, '0')}`);
      counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    expect(counts).toEqual(new Map([[3, 10], [2, 90]])); // prettier-ignore
    const byKey = catalogOf(version(1), version(2, { canary: { percent: 50, by: (input) => input.customer } }));
    expect([started(byKey, 'run-99', 'ada-49'), started(byKey, 'run-00', 'bob-50')]).toEqual([2, 1]);
  });

  it('refuse a start for which the key of a canary throws', () => {
    const catalog = catalogOf(version(1), version(2, { canary: { percent: 50, by: (input) => input.customer.trim() } }));
    expect(() => catalog.toStart('order', { id: 'run-00', input: {} })).toThrow(
      'The key of "order" (its option canary) threw for this input',
    );
  });

  it('are served unless they are parked', () => {
    const catalog = catalogOf(version(1), version(2));
    catalog.park({ workflow: 'order', version: 1, reason: 'It has changed.' });
    expect(catalog.served().map(({ needs }) => needs)).toEqual(['order@2']);
    expect([1, 2, 3].map((number) => catalog.isServed({ workflow: 'order', version: number }))).toEqual([false, true, false]);
  });
});
