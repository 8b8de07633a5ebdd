/** The acceptance tests of Sample Workflows that are about its API, by their own words, on the real server. */
import { IsString } from 'class-validator';
import { DocumentField, type DocumentReference, event, on, Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { type ApiApp, type ApiUser, startApiApp } from '../server/api-app.js';

class Answer {
  @IsString()
  result!: string;
}
@Screen({ id: 'look', title: 'Look' })
class Look implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props() {
    return null;
  }
}

class Report {
  @DocumentField()
  report!: DocumentReference;
}

let later = 0;
const looked = workflow<unknown>('looked', { version: 1 })
  .screen(Look)
  .then('later', () => ++later);
const Sent = event<{ id: string }>('acceptance.sent', { external: true });
const listening = workflow<{ id: string }>('listening', { version: 1, startOn: [on(Sent, ({ payload }) => ({ input: payload }))] }).then('end', (ctx) => ctx.input.id); // prettier-ignore
const columned = workflow<unknown>('columned', { version: 1, columns: { A: () => 'a', B: () => 'b' } }).screen(Look, {
  id: 'stand',
  columns: { B: () => "b'", C: () => null },
});
const filed = workflow('filed', { version: 1, input: Report }).then('end', (ctx) => ctx.input.report.fileName);

@WorkflowModule({ workflows: [looked, listening, columned, filed], providers: [Look] })
class AcceptanceModule {}

describe('Sample Workflows, acceptance', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [AcceptanceModule] });
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const start = async (workflow: string): Promise<string> => {
    const { data } = await operator.ask('mutation ($workflow: String!) { startRun(workflow: $workflow, input: {}) { run { id } } }', { workflow }); // prettier-ignore
    return data.startRun.run.id as string;
  };
  const reached = (id: string, status: string) =>
    api.until(async () => {
      const { data } = await operator.ask('query ($id: ID!) { run(id: $id) { status input output columns { name value } tasks { id version } } }', { id }); // prettier-ignore
      return data.run.status === status && data.run;
    });

  it('5. `handleCancel()` -> run cancelled, later steps never run', async () => {
    const id = await start('looked');
    const [task] = (await reached(id, 'waiting')).tasks as { id: string; version: number }[];
    await operator.ask('mutation ($id: ID!, $version: Int!) { cancelTask(id: $id, expectedVersion: $version) { errors { code } } }', task && { id: task.id, version: task.version }); // prettier-ignore
    await reached(id, 'canceled');
    expect(later).toBe(0);
  });

  it('6. Two emits, same key -> two runs, both shown in history under that key', async () => {
    const emit = 'mutation { emitEvent(name: "acceptance.sent", payload: { id: "x" }, idempotencyKey: "same") { event { id } } }';
    for (let count = 0; count < 2; count++) expect((await operator.ask(emit)).data.emitEvent.event.id).toEqual(expect.any(String));
    const history =
      '{ events(first: 9, filter: { idempotencyKey: "same" }) { edges { node { idempotencyKey deliveries { workflow runId } } } } }';
    const events = await api.until(async () => {
      const nodes = (await operator.ask(history)).data.events.edges.map(({ node }: { node: unknown }) => node);
      return nodes.every(({ deliveries: [one] }: { deliveries: { runId: string | null }[] }) => one?.runId) && nodes;
    });
    const runs = events.map(({ deliveries }: { deliveries: { workflow: string; runId: string }[] }) =>
      deliveries.map(({ runId }) => runId),
    );
    expect(runs).toEqual([[expect.any(String)], [expect.any(String)]]);
    expect(new Set(runs.flat()).size).toBe(2);
  });

  it("9. Columns: workflow {A, B}, step {B', C} -> order A, B', C; null cell -> em dash", async () => {
    const { columns } = await reached(await start('columned'), 'waiting');
    expect(columns).toEqual([
      { name: 'A', value: 'a' },
      { name: 'B', value: "b'" },
      // What the pages show of null is a dash: apps/web/app/columns/column-value.tsx.
      { name: 'C', value: null },
    ]);
  });

  it('10. Multipart start with a file -> `startData` holds a document reference', async () => {
    const form = api
      .client()
      .post('/workflows/filed/start')
      .set({ cookie: operator.cookie, 'x-stepwell-csrf': '1' })
      .attach('report', Buffer.from('text'), 'report.txt');
    const { body } = await form.expect(201);
    const { input, output } = await reached(body.runId as string, 'completed');
    expect([input, output]).toEqual([{ report: { id: expect.any(String) as unknown, fileName: 'report.txt' } }, 'report.txt']);
  });
});
