/**
 * Records a database for the upgrade test, by the build of this checkout: starts the runs of upgraded.workflows.ts, and takes everything down while
 * they wait or are at work, as if all processes died at that moment. For a build that is older, this folder is copied into its checkout.
 *
 *     node --import @swc-node/register/esm-register test/upgrade/record.ts test/upgrade/recorded/<the name of its last migration>.gz
 */
import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@stepwell/postgres';
import { migrate } from '@stepwell/storage';
import { createEmptyDatabase } from '../postgres/test-database.js';
import { type ApiUser, startApiApp } from '../server/api-app.js';
import { dump, listenTo } from './recorded-database.js';
import { awaited, stage, UpgradedModule } from './upgraded.workflows.js';

/** What the test has to know of a recorded database. */
export interface Recorded {
  readonly at: string;
  /** The runs, by the name that the test has for them. */
  readonly runs: Readonly<Record<string, string>>;
  readonly awaited: string;
}

const file = process.argv[2];
if (!file) throw new Error('Say into which file.');
const directory = mkdtempSync(join(tmpdir(), 'stepwell-record-'));
const server = await startEmbeddedPostgres({ directory, isThrowaway: true });
process.env['STEPWELL_TEST_ADMIN_URL'] = server.url;
const database = await createEmptyDatabase();
const statements = await listenTo(() => migrate(database.url));

stage.isLater = false;
const app = await startApiApp({
  ...{ databaseUrl: database.url, directUrl: database.url, workflowModules: [UpgradedModule], roles: ['api', 'worker', 'scheduler'] },
});
const operator = await app.as('operator');
const runs: Record<string, string> = {};
const START =
  'mutation ($workflow: String!, $input: JSON) { startRun(workflow: $workflow, input: $input) { run { id } errors { message } } }';
const start = async (name: string, amount: number, status: string, workflow = name): Promise<string> => {
  const { data, errors } = await operator.ask(START, { workflow, input: { amount } });
  if (errors ?? !data.startRun.run) throw new Error(`${name}: ${JSON.stringify(errors ?? data)}`);
  const { id } = data.startRun.run as { id: string };
  runs[name] = id;
  return (await untilIs(operator, id, status)).id;
};
const untilIs = (user: ApiUser, id: string, status: string) =>
  app.until(async () => {
    const { run } = (await user.ask(`{ run(id: "${id}") { id status tasks { id draftVersion } } }`)).data;
    return run.status === status && (run as { id: string; tasks: { id: string; draftVersion: number }[] });
  });

await start('timed', 1, 'waiting');
await start('open', 2, 'waiting', 'decided');
const drafted = await untilIs(operator, await start('drafted', 3, 'waiting', 'decided'), 'waiting');
await start('paid', 4, 'waiting');
await start('told', 5, 'waiting');
await start('parent', 6, 'waiting');
await start('asking', 7, 'waiting');
await start('lasting', 8, 'waiting');
await start('many', 9, 'waiting');
await start('capped', 10, 'waiting');
await start('behind', 11, 'queued', 'capped');
await start('failing', 12, 'failed');
await start('ended', 13, 'completed');
const reviewer = await app.as('reviewer');
const [task] = drafted.tasks;
if (!task) throw new Error('There is no task to write a draft for.');
const did = async (mutation: string): Promise<void> => {
  const { data, errors } = await reviewer.ask(`mutation { done: ${mutation} { errors { message } } }`);
  if (errors || data.done.errors.length > 0) throw new Error(JSON.stringify(errors ?? data.done.errors));
};
await did(`claimTask(id: "${task.id}")`);
await did(`saveTaskDraft(id: "${task.id}", draft: { sum: 30 }, expectedDraftVersion: ${task.draftVersion})`);
await operator.ask('mutation { runScheduleNow(schedule: "records") { errors { message } } }');
const HANDLED = '{ runs(first: 10, filter: { workflow: "record", status: [completed] }) { edges { cursor } } }';
await app.until(async () => (await operator.ask(HANDLED)).data.runs.edges.length === 3);
// As if nobody had been there for three nights.
await database.pool.query(`UPDATE schedules SET settled_until = settled_until - interval '3 days' WHERE workflow = 'nightly'`);
await start('at-work', 14, 'running');
await app.until(async () => (await operator.ask(`{ run(id: "${runs['at-work']}") { steps { key } } }`)).data.run.steps.length > 0);

const about: Recorded = { at: new Date().toISOString(), runs, awaited: awaited[0] ?? '' };
writeFileSync(file, await dump(database.url, statements, about));
await app.close();
await database.drop();
await server.stop();
rmSync(directory, { recursive: true, force: true });
process.exit(0);
