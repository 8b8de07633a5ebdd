import { migrateFrom, type MigrationPlan, Screen, type ScreenHandler, type Type, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsString } from 'class-validator';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type ApiApp, type ApiUser, startApiApp } from './api-app.js';

class Verdict {
  @IsString() verdict!: string;
}

@Screen({ id: 'review-claim', title: 'Review the claim' })
class Review implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props() {
    return null;
  }
}

const claim = (version: number, screen: string, ...migrations: MigrationPlan[]) =>
  workflow<unknown>('claim', { version, migrations })
    .screen(Review, { id: screen })
    .then('file', () => version);
const letter = () => workflow<unknown>('letter', { version: 1 }).then('send', () => 'sent');

function moduleOf(...workflows: ReturnType<typeof claim>[]): Type<object> {
  class ClaimModule {}
  WorkflowModule({ workflows, providers: [Review] })(ClaimModule);
  return ClaimModule;
}

const START = (name: string) => `mutation { startRun(workflow: "${name}", input: {}) { run { id version } errors { message } } }`;
const RUN = (id: string) => `{ run(id: "${id}") { status waitReasons version output } }`;
const PARKED = '{ parkedVersions { workflow version reason runs } workflow(name: "claim") { parked { version runs } } }';

describe('a deploy', () => {
  const apps: ApiApp[] = [];
  let database: TestDatabase;
  const deploy = async (...workflows: ReturnType<typeof claim>[]): Promise<ApiApp> => {
    await apps.pop()?.close();
    const app = await startApiApp({
      databaseUrl: database.url,
      directUrl: database.url,
      workflowModules: [moduleOf(...workflows)],
    });
    apps.push(app);
    return app;
  };
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await apps.pop()?.close();
    await database.drop();
  });
  const inTime = async (app: ApiApp, id: string, status: string) => {
    const user = await app.as('operator');
    return app.until(async () => {
      const { run } = (await user.ask(RUN(id))).data;
      return run.status === status && run;
    });
  };
  const answer = async (app: ApiApp, runId: string) => {
    const reviewer = await app.as('reviewer');
    const [task] = (await reviewer.ask(`{ run(id: "${runId}") { tasks { id } } }`)).data.run.tasks;
    const claimed = (await reviewer.ask(`mutation { claimTask(id: "${task.id}") { task { version } } }`)).data.claimTask.task;
    const complete =
      'mutation Complete($id: ID!, $version: Int!) { completeTask(id: $id, expectedVersion: $version, answer: { verdict: "yes" }) { errors { message } } }';
    const decided = await reviewer.ask(complete, { id: task.id, version: claimed.version });
    expect(decided).toMatchObject({ data: { completeTask: { errors: [] } } });
  };

  it('strands no run: what waits where the graph has nothing any more is parked, says so, and goes on when it is there again', async () => {
    const first = await deploy(claim(1, 'review'), letter());
    const operator = await first.as('operator');
    const { id } = (await operator.ask(START('claim'))).data.startRun.run;
    await inTime(first, id, 'waiting');
    expect((await operator.ask(PARKED)).data).toEqual({ parkedVersions: [], workflow: { parked: [] } });

    // The same version, and its screen has another id.
    const second = await deploy(claim(1, 'check'), letter());
    const theirs = await second.as('operator');
    const reason =
      'Runs of version 1 of "claim" wait at "review", which this build of that version has not, or not of that kind. ' +
      'Give the changed graph a higher version, and host version 1 beside it as it was.';
    expect((await theirs.ask(PARKED)).data.parkedVersions).toEqual([{ workflow: 'claim', version: 1, reason, runs: 1 }]);
    expect((await theirs.ask(RUN(id))).data.run).toMatchObject({ status: 'waiting', waitReasons: ['task', 'version'] });
    const stranger = await second.as('operator', 'acme');
    expect((await stranger.ask(PARKED)).data.parkedVersions).toEqual([{ workflow: 'claim', version: 1, reason, runs: 0 }]);
    // A new one is kept, and waits with it; the others serve.
    const parked = (await theirs.ask(START('claim'))).data.startRun.run;
    await inTime(second, (await theirs.ask(START('letter'))).data.startRun.run.id, 'completed');
    expect((await theirs.ask(RUN(parked.id))).data.run).toMatchObject({ status: 'queued', waitReasons: ['version'] });
    expect((await theirs.ask(PARKED)).data.workflow.parked).toEqual([{ version: 1, runs: 2 }]);

    // Only the newer one is hosted: the old runs wait for a worker with theirs.
    const third = await deploy(claim(2, 'check'));
    const they = await third.as('operator');
    const unhosted = 'No worker has version 1 of "claim". Its runs wait for one: host that version beside the newer ones.';
    expect((await they.ask(PARKED)).data.parkedVersions).toContainEqual({ workflow: 'claim', version: 1, reason: unhosted, runs: 2 });

    // Side by side: each run is of its own version.
    const last = await deploy(claim(1, 'review'), claim(2, 'check'));
    const now = await last.as('operator');
    const next = (await now.ask(START('claim'))).data.startRun.run;
    expect(next.version).toBe(2);
    for (const run of [id, parked.id, next.id]) {
      await inTime(last, run, 'waiting');
      await answer(last, run);
    }
    expect(await inTime(last, id, 'completed')).toMatchObject({ version: 1, output: 1, waitReasons: [] });
    expect(await inTime(last, parked.id, 'completed')).toMatchObject({ version: 1, output: 1 });
    expect(await inTime(last, next.id, 'completed')).toMatchObject({ version: 2, output: 2 });
    expect((await now.ask(PARKED)).data.parkedVersions).toEqual([]);
  });

  it('takes runs to a newer version by its plan, says before what would become of each, and takes them back while nothing has happened', async () => {
    const plan = migrateFrom(1, { rename: { review: 'check' } });
    const first = await deploy(claim(1, 'review'));
    const operator = await first.as('operator');
    const ids: string[] = [];
    for (let count = 0; count < 2; count++) ids.push((await operator.ask(START('claim'))).data.startRun.run.id);
    const held = (await operator.ask(START('claim'))).data.startRun.run.id;
    for (const id of [...ids, held]) await inTime(first, id, 'waiting');
    await operator.ask(`mutation { pauseRun(id: "${held}") { errors { message } } }`);

    // The older version is in no worker any more.
    const second = await deploy(claim(2, 'check', plan));
    const they = await second.as('operator');
    const RUNS = 'runs { runId outcome waits stands lost closes problems } errors { message }';
    const migrate = async (who: ApiUser, more = '') =>
      (await who.ask(`mutation { migrateRuns(workflow: "claim", from: 1, to: 2 ${more}) { endCursor ${RUNS} } }`)).data.migrateRuns;
    const undo = async (who: ApiUser, id: string) =>
      (await who.ask(`mutation { undoMigrations(runs: ["${id}"]) { ${RUNS} } }`)).data.undoMigrations.runs[0];
    const possible = { outcome: 'possible', waits: ['review'], stands: ['check'], lost: [], closes: 0, problems: [] };
    const [one = '', two = ''] = ids;
    const dry = (more: string) => migrate(they, `, dryRun: true, ${more}`);
    expect(await dry('limit: 1')).toEqual({ endCursor: one, runs: [{ runId: one, ...possible }], errors: [] });
    expect(await dry(`limit: 1, after: "${one}"`)).toEqual({ endCursor: two, runs: [{ runId: two, ...possible }], errors: [] });
    expect(await dry(`limit: 1, after: "${two}"`)).toEqual({ endCursor: null, runs: [{ runId: held, ...possible }], errors: [] });
    const found = async (filter: string, more = '') => {
      const { runs, endCursor } = await dry(`filter: { ${filter} } ${more}`);
      return [runs.map(({ runId }: { runId: string }) => runId), endCursor];
    };
    expect(await found('status: [paused]')).toEqual([[held], null]);
    expect(await found('status: [waiting, queued]')).toEqual([[one, two], null]);
    expect(await found('waitsAt: "review"', ', limit: 1')).toEqual([[one], one]);
    expect(await found('waitsAt: "review", status: [paused]')).toEqual([[held], null]);
    expect(await found('waitsAt: "file"')).toEqual([[], null]);
    expect((await they.ask(RUN(one))).data.run).toMatchObject({ version: 1, waitReasons: ['task', 'version'] });
    const stranger = await second.as('operator', 'acme');
    expect((await migrate(stranger)).runs).toEqual([]);
    expect((await migrate(stranger, `, filter: { runs: ["${one}"] }`)).runs).toMatchObject([
      { outcome: 'refused', problems: ['there is no such run.'] },
    ]);
    expect((await migrate(they, ', filter: { status: [waiting] }')).runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'migrated',
      'migrated',
    ]);
    // Both: while a worker looks at one, it is left alone.
    for (const id of ids) expect(await inTime(second, id, 'waiting')).toMatchObject({ version: 2, waitReasons: ['task'] });
    expect((await undo(they, two)).problems).toEqual(['this server has no version 1 of "claim". Host it first.']);

    const last = await deploy(claim(1, 'review'), claim(2, 'check', plan));
    const now = await last.as('operator');
    expect(await undo(now, one)).toMatchObject({ outcome: 'undone' });
    expect(await inTime(last, one, 'waiting')).toMatchObject({ version: 1 });
    expect(await undo(now, one)).toMatchObject({ outcome: 'refused', problems: ['it was not migrated, or something has happened since.'] });
    for (const id of ids) await answer(last, id);
    expect(await inTime(last, one, 'completed')).toMatchObject({ version: 1, output: 1 });
    expect(await inTime(last, two, 'completed')).toMatchObject({ version: 2, output: 2 });
    const { steps } = (await now.ask(`{ run(id: "${two}") { steps { path kind status } } }`)).data.run;
    expect(steps).toEqual([
      { path: 'check', kind: 'screen', status: 'completed' },
      { path: 'file', kind: 'step', status: 'completed' },
    ]);
    expect(await undo(now, two)).toMatchObject({ problems: ['it has ended as completed.'] });
  });
});
