import { cancelBy, event, on, workflow, WorkflowModule } from '@stepwell/sdk';
import { until } from '../../../test/engine/engine.js';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

interface Letter {
  readonly to: string;
}
const written = event<Letter>('letter.written', { external: true });
const answered = event<Letter>('letter.answered', { external: true });
const withdrawn = event<Letter>('letter.withdrawn', { external: true });

const letters = workflow<Letter>('letters', {
  version: 1,
  startOn: [on(written, ({ payload }) => (payload.to === 'nobody' ? null : { input: payload }))],
  cancelOn: [cancelBy(withdrawn, (input: Letter) => ({ to: input.to }))],
})
  .waitForEvent(answered, { id: 'answer', match: (ctx) => ({ to: ctx.input.to }) })
  .wait('1h');

const stubborn = workflow<Letter>('stubborn', {
  version: 1,
  startOn: [
    on(written, () => {
      throw new Error('The letter box is jammed.');
    }),
  ],
}).then('read', () => 1);

@WorkflowModule({ workflows: [letters, stubborn] })
class LettersModule {}

const DELIVERIES = 'deliveries { consumer workflow status attempts error decidedAt run { id workflow status } }';

describe('the history of events', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp({ workflowModules: [LettersModule] });
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const emit = async (name: string, payload: unknown, key: string | null = null): Promise<string> => {
    const mutation =
      'mutation ($name: String!, $payload: JSON, $key: String) { emitEvent(name: $name, payload: $payload, idempotencyKey: $key) { event { id } } }';
    return (await operator.ask(mutation, { name, payload, key })).data.emitEvent.event.id;
  };
  const look = async (id: string) =>
    (
      await operator.ask(
        `query ($id: ID!) { event(id: $id) { name payload idempotencyKey actor { name } sourceRun { id } ${DELIVERIES} } }`,
        { id },
      )
    ).data.event;
  /** The first delivery of an event that is as it should be. Nothing tells of one that starts nothing, so it is asked for again and again. */
  const delivery = (id: string, isRight: (one: { status: string; attempts: number; workflow: string }) => boolean) =>
    until(
      async () => (await look(id)).deliveries.find(isRight),
      (found) => found !== undefined,
      `A delivery of event ${id} should be as it is waited for`,
    );
  const delivered = (id: string, status: string) => delivery(id, (one) => one.status === status);
  const deliveriesTo = async (id: string) =>
    (await operator.ask('query ($id: ID!) { run(id: $id) { deliveries { status event { id name } } } }', { id })).data.run.deliveries;
  const list = async (filter: object, first = 50, after: string | null = null) =>
    (
      await operator.ask(
        'query ($first: Int!, $after: String, $filter: EventFilter) { events(first: $first, after: $after, filter: $filter) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        { first, after, filter },
      )
    ).data.events;
  const idsOf = ({ edges }: { edges: { node: { id: string } }[] }) => edges.map(({ node }) => node.id);

  it('leads from an event to the runs that it started, woke and canceled, and from a run back to them', async () => {
    const start = await emit('letter.written', { to: 'Ada' }, 'mail-1');
    const { run } = await delivered(start, 'started');
    expect(run).toMatchObject({ workflow: 'letters' });
    expect(await look(start)).toMatchObject({
      name: 'letter.written',
      payload: { to: 'Ada' },
      idempotencyKey: 'mail-1',
      sourceRun: null,
      actor: { name: operator.displayName },
    });
    const wake = await emit('letter.answered', { to: 'Ada' });
    expect(await delivered(wake, 'woke')).toMatchObject({ workflow: null, run: { id: run.id } });
    const cancel = await emit('letter.withdrawn', { to: 'Ada' });
    expect(await delivered(cancel, 'canceled')).toMatchObject({ run: { id: run.id, status: 'canceled' } });
    expect(await deliveriesTo(run.id)).toEqual([
      { status: 'started', event: { id: start, name: 'letter.written' } },
      { status: 'woke', event: { id: wake, name: 'letter.answered' } },
      { status: 'canceled', event: { id: cancel, name: 'letter.withdrawn' } },
    ]);
    expect(idsOf(await list({ runId: run.id }))).toEqual([cancel, wake, start]);
    expect(idsOf(await list({ runId: run.id, name: 'letter.answered' }))).toEqual([wake]);
  });

  it('keeps what a listener threw, with how often it was asked, beside the others', async () => {
    const id = await emit('letter.written', { to: 'nobody' });
    await delivered(id, 'declined');
    const failing = await delivery(id, ({ workflow, attempts }) => workflow === 'stubborn' && attempts > 0);
    expect(failing).toMatchObject({ error: 'Error: The letter box is jammed.', run: null });
  });

  it('shows the first hundred of what it did, starts before all, and says that there is more', async () => {
    const id = await emit('letter.written', { to: 'all' });
    await delivered(id, 'started');
    const more = async () => {
      const { data } = await operator.ask('query ($id: ID!) { event(id: $id) { hasMoreDeliveries deliveries { consumer } } }', { id });
      return data.event as { readonly hasMoreDeliveries: boolean; readonly deliveries: readonly { readonly consumer: string }[] };
    };
    const before = (await more()).deliveries.length;
    expect((await more()).hasMoreDeliveries).toBe(false);
    const wait = (count: number) =>
      api.database.pool.query(
        `INSERT INTO event_deliveries (tenant, event_id, consumer, status, decided_at)
         SELECT tenant, id, 'wait:' || gen_random_uuid(), 'woke', now() FROM events, generate_series(1, $2::int) WHERE id = $1`,
        [id, count],
      );
    await wait(100 - before);
    expect(await more()).toMatchObject({ hasMoreDeliveries: false, deliveries: { length: 100 } });
    await wait(1);
    const { hasMoreDeliveries, deliveries } = await more();
    expect([hasMoreDeliveries, deliveries.length]).toEqual([true, 100]);
    expect(deliveries.slice(0, before).every(({ consumer }) => consumer.startsWith('start:'))).toBe(true);
  });

  it('comes newest first, page by page, by name and by key', async () => {
    const older = await emit('letter.answered', { to: 'page' }, 'mail-2');
    const newer = await emit('letter.written', { to: 'nobody' }, 'mail-2');
    expect(idsOf(await list({ idempotencyKey: 'mail-2' }))).toEqual([newer, older]);
    expect(idsOf(await list({ idempotencyKey: 'mail-2', name: 'letter.answered' }))).toEqual([older]);
    const page = await list({}, 1);
    expect([idsOf(page), page.pageInfo.hasNextPage]).toEqual([[newer], true]);
    expect(idsOf(await list({}, 1, page.pageInfo.endCursor))).toEqual([older]);
    expect(idsOf(await list({ name: 'letter.answered' }, 1))).toEqual([older]);
    expect(idsOf(await list({ runId: 'no id' }))).toEqual([]);
    expect((await operator.ask('{ event(id: "no id") { id } }')).data.event).toBeNull();
  });
});
