import { type Columns, definitionOf, type PlacementOptions, workflow } from '@stepwell/sdk';
import { columnNames, readColumns, standsOf } from './columns.js';
import { compile } from './graph/compile.js';
import { RunDriver } from './testing/run-driver.js';

interface Order {
  readonly id: string;
}

type Places = Partial<Record<'pack' | 'left' | 'right', PlacementOptions<Order>>>;

const flow = (columns: Columns<Order>, { pack, left, right }: Places = {}) =>
  workflow<Order>('order', { version: 1, columns })
    .then('pack', () => 'packed', pack)
    .parallel({
      left: (branch) => branch.then('l', () => 'L', left),
      right: (branch) =>
        branch.forEach(
          () => ['x', 'y'],
          (item) => item.then('r', () => 'R', right),
          { id: 'each' },
        ),
    });

/** What a list shows of the run. */
function shown({ graph, read, state, now }: RunDriver, onError: (column: string, error: unknown) => void = () => undefined): string[] {
  const cells = readColumns(graph, read, standsOf(graph, state, now), onError);
  return cells.map(({ name, value, error }) => `${name}: ${error === null ? (value ?? '—') : `! ${error}`}`);
}

const begun = (...options: Parameters<typeof flow>) => RunDriver.of(flow(...options), { input: { id: 'A1' } });

describe('columns', () => {
  it('are those of the workflow in their order; a step overrides them in their place while the run stands there, and adds behind', async () => {
    const own: Columns<Order> = {
      Order: ({ input }) => input.id,
      State: () => 'somewhere',
      Packed: (ctx) => ctx.maybeResultOf<string>('pack'),
    };
    const driver = begun(own, { pack: { columns: { Note: () => 'fragile', State: () => 'being packed' } } });
    expect(columnNames(driver.graph)).toEqual(['Order', 'State', 'Packed', 'Note']);
    expect(shown(driver)).toEqual(['Order: A1', 'State: being packed', 'Packed: —', 'Note: fragile']);
    await driver.settle();
    expect(shown(driver)).toEqual(['Order: A1', 'State: somewhere', 'Packed: packed']);
  });

  it('are those of the first of several places, in the order of the graph, each read where it stands', async () => {
    const driver = begun(
      { Order: () => 'o' },
      {
        right: { columns: { Side: () => 'right', Item: (ctx) => ctx.item as string, Order: () => 'r' } },
        left: { columns: { Side: () => 'left' } },
      },
    );
    await driver.make('evaluate parallel-1/right/each?list');
    expect(shown(driver)).toEqual(['Order: r', 'Side: left', 'Item: x']);
  });

  it('spoil no more than their own cell', () => {
    const errors: string[] = [];
    const driver = begun({
      ...{ Fine: () => 3.5, Nothing: () => undefined, Empty: () => '' },
      Thrown: () => {
        throw new Error('no airport');
      },
      ...{
        Early: (ctx) => ctx.resultOf<string>('pack'),
        Late: () => Promise.reject(new Error('nobody caught this')) as never,
        Object: () => ({}) as never,
        NaN: () => Number.NaN,
      },
      Long: () => 'x'.repeat(198) + '😀😀',
    });
    expect(shown(driver, (column) => errors.push(column))).toEqual([
      ...['Fine: 3.5', 'Nothing: —', 'Empty: ', 'Thrown: ! no airport', expect.stringContaining('Early: ! ')],
      'Late: ! The column returned a promise; a column returns its text at once.',
      'Object: ! The column returned an object; return text, a number or null.',
      'NaN: ! The column returned a number that is none; return text, a number or null.',
      `Long: ${'x'.repeat(198)}…`,
    ]);
    expect(errors).toEqual(['Thrown', 'Early', 'Late', 'Object', 'NaN']);
  });

  it.each<[string, () => unknown, string]>([
    ['an empty name', () => flow({ ' ': () => '' }), 'Workflow "order", column " ": the name is empty'],
    ['white space at the end', () => flow({ 'Order ': () => '' }), 'begins or ends with white space'],
    ['a name that no table has room for', () => flow({ ['x'.repeat(41)]: () => '' }), 'the name has 41 characters'],
    ['a number, which would come first', () => flow({ '2024': () => '' }), 'a whole number'],
    ['what is no function', () => flow({ Order: 'id' as never }), 'a column is a function'],
    ['a name of a step', () => flow({}, { pack: { columns: { '': () => '' } } }), 'Workflow "order", step "pack", column ""'],
    [
      'names that differ in case only',
      () => flow({ Order: () => '' }, { left: { columns: { order: () => '' } } }),
      'Workflow "order", columns: "Order" and "order" differ in case only',
    ],
  ])('refuse %s at boot', (_, build, message) => {
    expect(() => compile(definitionOf(build() as never))).toThrow(message);
  });
});
