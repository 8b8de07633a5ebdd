import { definitionOf, event, type Flow, workflow } from '@stepwell/sdk';
import { eventsEmittedBy } from '../references.js';
import { compile } from './compile.js';
import { innerIteration, nodeKey, outerIteration } from './iteration.js';
import { mermaid } from './mermaid.js';

const graph = compile(
  definitionOf(
    workflow<unknown>('order', { version: 3 })
      .then('triage', () => 1)
      .when(
        () => true,
        (yes) => yes.then('file', () => 1).wait('1m'),
      ) // prettier-ignore
      .otherwise((no) => no.parallel({ ask: (flow) => flow.then('letter', () => 1), note: (flow) => flow.then('note', () => 1) }))
      .emit(event('order.filed'), () => null),
  ),
);

describe('the compiled graph', () => {
  it('gives every node a path of ids and branch names, which the journal keeps', () => {
    expect([...graph.byPath.keys()]).toEqual([
      'triage',
      'when-1',
      'when-1/0/file',
      'when-1/0/wait-1',
      'when-1/1/parallel-1',
      'when-1/1/parallel-1/ask/letter',
      'when-1/1/parallel-1/note/note',
      'emit-1',
    ]);
    expect([graph.workflow, graph.version]).toEqual(['order', 3]);
  });

  it('knows from each node the branches around it', () => {
    const letter = graph.byId.get('letter');
    expect(letter?.parent.path).toBe('when-1/1/parallel-1/ask');
    expect(letter?.parent.owner?.id).toBe('parallel-1');
    expect(letter?.parent.owner?.parent.owner?.id).toBe('when-1');
    expect(graph.root.owner).toBeUndefined();
  });

  it('knows which events its nodes emit', () => {
    expect(eventsEmittedBy(graph)).toEqual(['order.filed']);
  });

  it('is drawn with its branches by name', () => {
    expect(mermaid(graph)).toBe(
      [
        'flowchart TD',
        '  start([start])',
        '  triage["triage"]',
        '  start --> triage',
        '  when_1{"when-1"}',
        '  triage --> when_1',
        '  when_1_0_file["file"]',
        '  when_1 -->|0| when_1_0_file',
        '  when_1_0_wait_1["wait-1"]',
        '  when_1_0_file --> when_1_0_wait_1',
        '  when_1_1_parallel_1{"parallel-1"}',
        '  when_1 -->|1| when_1_1_parallel_1',
        '  when_1_1_parallel_1_ask_letter["letter"]',
        '  when_1_1_parallel_1 -->|ask| when_1_1_parallel_1_ask_letter',
        '  when_1_1_parallel_1_note_note["note"]',
        '  when_1_1_parallel_1 -->|note| when_1_1_parallel_1_note_note',
        '  emit_1["order.filed"]',
        '  when_1_0_wait_1 --> emit_1',
        '  when_1_1_parallel_1_ask_letter --> emit_1',
        '  when_1_1_parallel_1_note_note --> emit_1',
        '  emit_1 --> done([end])',
      ].join('\n'),
    );
  });
});

describe('the drawing of an if without an else', () => {
  it('leads past it', () => {
    const small = workflow<unknown>('order', { version: 1 }).when(() => true, (yes) => yes.wait('1m')); // prettier-ignore
    expect(
      mermaid(compile(definitionOf(small)))
        .split('\n')
        .slice(-2),
    ).toEqual(['  when_1_0_wait_1 --> done([end])', '  when_1 --> done([end])']);
  });
});

describe('iterations', () => {
  it('are the indexes of the loops around a node, outermost first', () => {
    expect(innerIteration('', 3)).toBe('3');
    expect(innerIteration('3', 0)).toBe('3.0');
    expect([outerIteration('3.0.7', 2), outerIteration('3.0', 1), outerIteration('3', 0), outerIteration('', 0)]).toEqual([
      '3.0',
      '3',
      '',
      '',
    ]);
  });

  it('are part of the key under which a node’s state is kept', () => {
    expect([nodeKey('a/b', ''), nodeKey('a/b', '3.0')]).toEqual(['a/b', 'a/b#3.0']);
  });

  it('draws the finally of a try behind its other branches', () => {
    const step = (id: string) => (flow: Flow<unknown>) => flow.then(id, () => 1);
    const flow = workflow<unknown>('order', { version: 1 }).try(step('charge'), { catch: step('other'), finally: step('release') });
    expect(
      mermaid(compile(definitionOf(flow)))
        .split('\n')
        .filter((line) => line.includes('release')),
    ).toEqual([
      '  try_1_finally_release["release"]',
      '  try_1_try_charge -->|finally| try_1_finally_release',
      '  try_1_catch_other -->|finally| try_1_finally_release',
      '  try_1_finally_release --> done([end])',
    ]);
  });
});
