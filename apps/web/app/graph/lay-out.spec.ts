import type { DrawnGraph, DrawnNode } from './graph.fragment.js';
import { type Box, layOut } from './lay-out.js';

const node = (path: string, more: Partial<DrawnNode> = {}): DrawnNode => ({
  ...{ path, id: path, kind: 'step', label: path, parent: null, branch: null, branches: [], mayTakeNone: false },
  ...{ handler: null, event: null, workflow: null, options: {}, ...more },
});
const branch = (segment: string, repeats = false) => ({ segment, label: segment, repeats });

// triage, when-1 (0: a parallel of x and y1, y2), loop (each: z), attempt (try: t, catch: c, finally: f), end
const graph: DrawnGraph = {
  nodes: [
    node('triage'),
    node('when-1', { kind: 'if', branches: [branch('0')], mayTakeNone: true }),
    node('par', { kind: 'parallel', parent: 'when-1', branch: '0', branches: [branch('a'), branch('b')] }),
    node('x', { parent: 'par', branch: 'a' }),
    node('y1', { parent: 'par', branch: 'b' }),
    node('y2', { parent: 'par', branch: 'b' }),
    node('loop', { kind: 'for-each', branches: [branch('each', true)], mayTakeNone: true }),
    node('z', { parent: 'loop', branch: 'each' }),
    node('attempt', { kind: 'try', branches: [branch('try'), branch('catch'), branch('finally')] }),
    ...['try', 'catch', 'finally'].map((segment) => node(segment, { parent: 'attempt', branch: segment })),
  ],
  edges: [
    { from: 'triage', to: 'when-1', branch: null },
    { from: 'when-1', to: 'par', branch: '0' },
    { from: 'par', to: 'x', branch: 'a' },
    { from: 'par', to: 'y1', branch: 'b' },
    { from: 'y1', to: 'y2', branch: null },
    { from: 'when-1', to: 'loop', branch: null },
    { from: 'loop', to: 'z', branch: 'each' },
    { from: 'loop', to: 'attempt', branch: null },
    ...['try', 'catch', 'finally'].map((segment) => ({ from: 'attempt', to: segment, branch: segment })),
  ],
};
const { boxes, lines, width, height } = layOut(graph);
const box = (id: string): Box => {
  const found = boxes.find((one) => one.id === id);
  if (!found) throw new Error(`There is no box "${id}".`);
  return found;
};
const holds = (outer: Box, inner: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const overlaps = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the layout of a graph', () => {
  it('draws every node once, and where the run begins, ends and goes on without a branch', () => {
    const drawn = boxes.map(({ id }) => id);
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn).toEqual(expect.arrayContaining([...graph.nodes.map(({ path }) => path), '#start', '#end', 'when-1#none', 'when-1#none#pass']));
    expect(drawn).not.toContain('loop#none');
  }); // prettier-ignore

  it('lets boxes overlap only where one is inside the other, each inside the frame that it belongs to', () => {
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1)) expect([a.id, b.id, overlaps(a, b) && !holds(a, b)]).toEqual([a.id, b.id, false]);
    for (const { path, parent } of graph.nodes) if (parent) expect(holds(box(parent), box(path))).toBe(true);
    for (const one of boxes) expect(holds({ ...one, x: 0, y: 0, width, height }, one)).toBe(true);
  });

  it('has lines that go straight down', () => {
    const middle = (one: Box) => one.x + one.width / 2;
    for (const { from, to } of lines) {
      expect(middle(box(from))).toBeCloseTo(middle(box(to)));
      expect(box(from).y).toBeLessThan(box(to).y);
    }
    expect(lines).toContainEqual({ from: 'par#b', to: 'y1' });
    expect(lines).toContainEqual({ from: 'when-1', to: 'loop' });
    expect(lines).toContainEqual({ from: 'attempt', to: '#end' });
  });

  it('puts what comes last below the other branches', () => {
    expect(box('catch').y).toBe(box('try').y);
    expect(box('attempt#finally').y).toBeGreaterThan(box('try').y + box('try').height);
  });

  it('draws a graph of nothing', () => {
    expect(layOut({ nodes: [], edges: [] }).lines).toEqual([{ from: '#start', to: '#end' }]);
  });

  it('makes room in a node for more lines, and moves down what is below it and around it', () => {
    const taller = layOut(graph, (path) => (path === 'y1' ? 3 : 0));
    const of = (id: string) => taller.boxes.find((one) => one.id === id);
    const grown = (of('y1')?.height ?? 0) - box('y1').height;
    expect(grown).toBeGreaterThan(3 * 15);
    expect([of('y2')?.y, of('loop')?.y, taller.height]).toEqual([box('y2').y + grown, box('loop').y + grown, height + grown]);
    expect([of('par')?.height, of('when-1')?.height, of('x')?.height]).toEqual([
      box('par').height + grown,
      box('when-1').height + grown,
      box('x').height,
    ]);
  });
});
