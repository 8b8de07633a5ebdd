// The whole server, for what is asked of its pages: the example's, with the embedded database, since only there anybody may sign in as a demo
// reviewer; filled with copies of its own runs and tasks.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { attachEmbeddedPostgres } from '../../dist/libs/postgres/index.js';
import { REVIEWER, settled, signIn, startServer } from '../inbox/app.mjs';
import { deepCursor, questionsOf, saveView, SAVED_VIEWS } from '../inbox/questions.mjs';
import { seedInbox, seedRuns } from '../inbox/seed.mjs';
import { runQuestions } from './run-questions.mjs';

/** One task waits for ten runs, and two have ended for each that waits. */
const RUNS_PER_TASK = 10;

export async function openServer({ n }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stepwell-lists-'));
  chmodSync(folder, 0o755);
  const server = await startServer(folder);
  const client = new pg.Client({ connectionString: attachEmbeddedPostgres(folder).url });
  await client.connect();
  const tasks = Math.ceil(n / RUNS_PER_TASK);
  return {
    /** @returns by name, what asks a question of the inbox or of the list of runs */
    lists: async () => {
      const ask = await signIn(server.url);
      await settled(client);
      await seedInbox(client, { tasks, viewer: REVIEWER, say: console.error });
      await seedRuns(client, n, console.error);
      for (const [name, filter] of Object.entries(SAVED_VIEWS)) await saveView(ask, name, filter);
      const bound = (questions) =>
        Object.fromEntries(Object.entries(questions).map(([name, { query, variables }]) => [name, () => ask(query, variables)]));
      return { inbox: bound(questionsOf(await deepCursor(ask, Math.floor(tasks / 2)))), runs: bound(await runQuestions(ask)) };
    },
    verify: async () => {
      const { rows } = await client.query(
        `SELECT (SELECT count(*) FROM runs)::int AS runs, (SELECT count(*) FROM tasks WHERE status IN ('open', 'claimed'))::int AS tasks`,
      );
      if (rows[0].runs < n || rows[0].tasks < tasks)
        throw new Error(`Expected ${n} runs and ${tasks} tasks, found ${JSON.stringify(rows[0])}.`);
    },
    close: async () => {
      await client.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
