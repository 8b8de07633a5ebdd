/**
 * Databases as earlier builds left them, in the middle of everything: this build migrates them, and finishes what they had begun. The oldest one is of the
 * oldest build that is supported. See record.ts for how to add one: with each release.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@stepwell/storage';
import { audit } from '../../apps/auditor/audit.js';
import { createEmptyDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type ApiApp, type ApiUser, startApiApp } from '../server/api-app.js';
import type { Recorded } from './record.js';
import { restore } from './recorded-database.js';
import { UpgradedModule } from './upgraded.workflows.js';

const FOLDER = join(import.meta.dirname, 'recorded');
/** What each run comes to, by its name in record.ts. */
const OUTPUTS = {
  ...{ timed: 2, open: 22, drafted: 33, paid: 4, told: 'go on', parent: 6, asking: { answer: 7 }, 'at-work': 15, many: 12 },
  ...{ capped: 10, behind: 11, ended: 13 },
};

describe.each(readdirSync(FOLDER).sort())('what was recorded at %s', (file) => {
  let database: TestDatabase;
  let app: ApiApp;
  let operator: ApiUser;
  let recorded: Recorded;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    recorded = (await restore(database.url, readFileSync(join(FOLDER, file)))) as Recorded;
    await migrate(database.url);
    app = await startApiApp({
      ...{
        databaseUrl: database.url,
        directUrl: database.url,
        workflowModules: [UpgradedModule],
        roles: ['api', 'worker', 'scheduler'],
        worker: { leaseMs: 3_000, sweepMs: 500 },
      },
    });
    operator = await app.as('operator');
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const idOf = (name: string): string => recorded.runs[name] ?? '';
  const look = async (id: string) =>
    (await operator.ask(`{ run(id: "${id}") { status output retriedAs { id } steps { kind output status } tasks { id version draft } } }`))
      .data.run;
  const done = async (mutation: string): Promise<void> => {
    const { data, errors } = await operator.ask(`mutation { done: ${mutation} { errors { code message } } }`);
    expect(errors ?? data.done.errors).toEqual([]);
  };
  const untilIs = (id: string, status: string) =>
    app.until(async () => {
      const run = await look(id);
      return run.status === status && run;
    });
  const decide = async (name: string, answer: string): Promise<void> => {
    const [task] = (await look(idOf(name))).tasks;
    await done(`completeTask(id: "${task.id}", expectedVersion: ${task.version}, answer: ${answer})`);
  };

  it('ends as it would have ended', async () => {
    const [drafted] = (await look(idOf('drafted'))).tasks;
    expect(drafted.draft).toEqual({ sum: 30 });
    await decide('open', '{ sum: 20 }');
    await done(`takeOverTask(id: "${drafted.id}", expectedVersion: ${drafted.version})`);
    await decide('drafted', '{ sum: 30 }');
    await done(`signalRun(id: "${idOf('told')}", name: "tell", payload: { text: "go on" })`);
    await done(`settleAsyncResult(id: "${recorded.awaited}", result: { answer: 7 })`);
    for (const amount of [4, 6, 10]) await done(`emitEvent(name: "upgrade.paid", payload: { amount: ${amount} })`);
    await untilIs(idOf('behind'), 'waiting');
    await done('emitEvent(name: "upgrade.paid", payload: { amount: 11 })');
    for (const [name, output] of Object.entries(OUTPUTS))
      expect({ name, ...(await untilIs(idOf(name), 'completed')) }).toMatchObject({ name, output });
  });

  it('has the nights that nobody was there for: the last fires, and the others say why they do not', async () => {
    const runs = '{ runs(first: 10, filter: { workflow: "nightly", status: [completed] }) { edges { node { output } } } }';
    await app.until(async () => (await operator.ask(runs)).data.runs.edges.length > 0);
    const { schedules } = (await operator.ask('{ schedules { workflow slots(first: 10) { outcome reason } } }')).data;
    const { slots } = schedules.find(({ workflow }: { workflow: string }) => workflow === 'nightly');
    expect(slots[0]).toEqual({ outcome: 'fired', reason: null });
    expect(slots.slice(1, 3)).toEqual(Array(2).fill({ outcome: 'skipped', reason: expect.any(String) }));
  });

  it('is undone, retried, and read by an emitter that had begun', async () => {
    await done(`cancelRun(id: "${idOf('lasting')}")`);
    const { steps } = await untilIs(idOf('lasting'), 'canceled');
    expect(steps).toContainEqual({ kind: 'compensation', status: 'completed', output: -8 });

    await done(`retryRun(id: "${idOf('failing')}")`);
    const { id } = (await look(idOf('failing'))).retriedAs;
    expect(await untilIs(id, 'completed')).toMatchObject({ output: 120 });

    await done('runScheduleNow(schedule: "records")');
    const records = '{ runs(first: 10, filter: { workflow: "record", status: [completed] }) { edges { cursor } } }';
    // The fourth record is new; the three others were emitted by the earlier build.
    await app.until(async () => (await operator.ask(records)).data.runs.edges.length >= 4);
    await app.until(
      async () =>
        (await operator.ask('{ runs(first: 10, filter: { workflow: "records", status: [completed] }) { edges { cursor } } }')).data.runs
          .edges.length === 2,
    );
    expect((await operator.ask(records)).data.runs.edges).toHaveLength(4);
  });

  it('keeps the guarantees', async () => {
    const client = await database.pool.connect();
    try {
      const { findings, counts } = await audit(client, { since: undefined, graceMs: 60_000, most: 10, isAtRest: true, hasJournal: false });
      expect(findings.filter(({ outcome }) => outcome === 'broken')).toEqual([]);
      expect(counts.runs).toBeGreaterThan(18);
    } finally {
      client.release();
    }
  });
});
