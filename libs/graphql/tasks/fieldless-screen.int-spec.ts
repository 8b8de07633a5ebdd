import { Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { type ApiApp, startApiApp } from '../../../test/server/api-app.js';

class Seen {}

@Screen({ id: 'see', title: 'See' })
class See implements ScreenHandler<null, Seen, null> {
  readonly answer = Seen;
  props() {
    return null;
  }
}

@WorkflowModule({ workflows: [workflow<null>('seeing', { version: 1 }).screen(See)], providers: [See] })
class SeeingModule {}

let api: ApiApp;
beforeAll(async () => {
  api = await startApiApp({ workflowModules: [SeeingModule] });
});
afterAll(() => api.close());

it('a screen that asks for nothing is decided with an empty answer, and what is in another is refused by name', async () => {
  const operator = await api.as('operator');
  await operator.ask('mutation { startRun(workflow: "seeing", input: null) { existing } }');
  const task = await api.until(async () => {
    const { data } = await operator.ask('{ inbox(first: 1) { edges { node { id version form } } } }');
    return data.inbox.edges[0]?.node as { id: string; version: number; form: unknown } | undefined;
  });
  expect(task.form).toMatchObject({ type: 'object', properties: {} });
  const complete = (answer: unknown) =>
    operator.ask(
      'mutation ($id: ID!, $version: Int!, $answer: JSON!) { completeTask(id: $id, expectedVersion: $version, answer: $answer) { task { status answer } errors { code message path } } }',
      { id: task.id, version: task.version, answer },
    );
  const message = 'There is no such field: leave it out';
  expect((await complete({ more: 1 })).data.completeTask.errors).toEqual([{ code: 'ANSWER_INVALID', message, path: ['answer', 'more'] }]);
  expect((await complete({})).data.completeTask).toEqual({ task: { status: 'completed', answer: {} }, errors: [] });
});
