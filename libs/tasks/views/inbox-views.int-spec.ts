import { person, refusal, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import type { TaskFilter } from '../inbox/task-filter.js';
import { ColumnProvider } from './column-provider.port.js';
import { InboxViews, type ViewsActor, type ViewToSave } from './inbox-views.js';

class Columns extends ColumnProvider {
  readonly hosted = new Map<string, readonly string[]>([['order', ['Customer']]]);

  columnsOf(workflow: string | null): readonly string[] | undefined {
    return workflow === null ? [...this.hosted.values()].flat() : this.hosted.get(workflow);
  }
}

const as = (name: string, mayShare = false, tenant = TENANT): ViewsActor => ({ tenant, actor: person(name), mayShare });
const ann = as('Ann');
const bob = as('Bob');
const ops = as('Ops', true);

describe('saved views', () => {
  let desk: TaskDesk;
  let views: InboxViews;
  const columns = new Columns();
  beforeAll(async () => {
    desk = await TaskDesk.open();
    views = new InboxViews(desk.pool, columns);
  });
  afterAll(() => desk.close());

  const save = (who: ViewsActor, view: Partial<ViewToSave> & { readonly name: string }) =>
    views.save(who, { id: null, filter: null, order: null, isShared: false, ...view });
  const ids = async (who: ViewsActor, view: string) => {
    const listing = await views.listing(who, { view });
    return (await desk.tasks.inbox(TENANT, { first: 100, viewer: who.actor, ...listing })).edges.map(({ node }) => node.id);
  };
  const names = async (who: ViewsActor) => (await views.list(who)).map(({ name }) => name);

  it('show, count and hand out the same after they were saved as before, with all that was asked for', async () => {
    const soon = new Date(Date.now() + 3_600_000);
    const filter: TaskFilter = {
      ...{ workflow: 'order', priority: { min: 1 }, columns: [{ name: 'Customer', value: 'Ada' }] },
      due: { from: new Date().toISOString(), until: new Date(Date.now() + 86_400_000).toISOString() },
    };
    const fits = { columns: { Customer: 'Ada' }, priority: 2, dueAt: soon };
    const low = await desk.seed({ ...fits, priority: 1 });
    const high = await desk.seed(fits);
    for (const other of [{ columns: { Customer: 'Bob' } }, { priority: 0 }, { dueAt: new Date(Date.now() + 1e9) }, { workflow: 'x' }])
      await desk.seed({ ...fits, ...other });
    const before = await desk.tasks.inbox(TENANT, { first: 100, filter, order: 'newest', viewer: ann.actor });
    const { id } = await save(ann, { name: 'Urgent ones of Ada', filter, order: 'newest' });
    expect(await ids(ann, id)).toEqual(before.edges.map(({ node }) => node.id));
    expect(await ids(ann, id)).toEqual([high.id, low.id]);
    const [view] = await views.list(ann);
    expect(view).toMatchObject({ filter, order: 'newest', isMine: true, isShared: false, problem: null });
    expect(view && (await views.count(ann, view, null))).toEqual({ count: 2, isMore: false });
    expect(await views.countOf(ann, { filter })).toEqual({ count: 2, isMore: false });
    expect(await views.countOf(as('Ann', false, 'other'), { filter })).toEqual({ count: 0, isMore: false });
    const next = async () =>
      (await desk.claims.next({ tenant: TENANT, actor: ann.actor, after: null, listing: await views.listing(ann, { view: id }) }))?.id;
    expect([await next(), await next(), await next()]).toEqual([high.id, low.id, undefined]);
  });

  it('are of one person, or shared by who may; each name is once for its owner', async () => {
    const mine = await save(ann, { name: 'Mine' });
    await save(bob, { name: 'Mine' });
    expect(await refusal(save(ann, { name: ' Mine ' }))).toMatchObject({ code: 'VIEW_NAME_TAKEN' });
    expect(await refusal(save(bob, { name: 'For all', isShared: true }))).toMatchObject({ code: 'FORBIDDEN' });
    const shared = await save(ops, { name: 'For all', isShared: true });
    expect(await names(bob)).toEqual(['Mine', 'For all']);
    expect(await views.list(as('Eve', true, 'other'))).toEqual([]);
    expect(await refusal(views.listing(as('Ann', true, 'other'), { view: shared.id }))).toMatchObject({ code: 'VIEW_NOT_FOUND' });
    expect(await refusal(views.listing(bob, { view: mine.id }))).toMatchObject({ code: 'VIEW_NOT_FOUND' });
    expect(await refusal(save(bob, { id: shared.id, name: 'Taken' }))).toMatchObject({ code: 'VIEW_NOT_FOUND' });
    expect(await refusal(views.delete(bob, shared.id))).toMatchObject({ code: 'VIEW_NOT_FOUND' });
    expect(await refusal(views.delete(ops, mine.id))).toMatchObject({ code: 'VIEW_NOT_FOUND' });
    expect(await save(as('Olga', true), { id: shared.id, name: 'For everybody', isShared: true })).toMatchObject({ owner: 'Ops' });
    await views.delete(as('Olga', true), shared.id);
    expect(await names(bob)).toEqual(['Mine']);
  });

  it('whose workflow or column is no more say so, and show nothing', async () => {
    const { id } = await save(bob, { name: 'Gone', filter: { workflow: 'order', columns: [{ name: 'Customer', value: 'Ada' }] } });
    const there = async () => (await views.list(bob)).find((view) => view.id === id);
    columns.hosted.set('order', []);
    expect((await there())?.problem).toBe('There is no column "Customer" any more.');
    columns.hosted.delete('order');
    const view = await there();
    expect(view?.problem).toBe('The workflow "order" is not here any more.');
    expect(view && (await views.count(bob, view, null))).toEqual({ count: 0, isMore: false });
    expect(await refusal(views.listing(bob, { view: id }))).toMatchObject({ code: 'VIEW_BROKEN' });
    columns.hosted.set('order', ['Customer']);
    await desk.pool.query(`UPDATE inbox_views SET filter = filter || '{"colour": "red"}' WHERE id = $1`, [id]);
    expect((await there())?.problem).toContain('colour');
    expect(await refusal(views.listing(bob, { view: id, filter: {} }))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('are refused when they could show nothing that anybody meant', async () => {
    for (const wrong of [{ name: ' ' }, { name: 'x'.repeat(81) }, { name: 'x', filter: { due: {} } }, { name: 'x\0' }])
      expect(await refusal(save(bob, wrong))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
