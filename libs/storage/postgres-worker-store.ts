/** What a worker keeps in PostgreSQL. Each call is the statement of its name: what that locks and why is told in `queries/`. */
import type { WorkerStore } from '@stepwell/engine';
import type { DataSource } from 'typeorm';
import type { PostgresCommitter } from './group-committer.js';
import { PostgresOwnTransactions } from './own-transactions.js';
import { appendInbox } from './queries/append-inbox.query.js';
import { claimRuns, nextDue } from './queries/claim-runs.query.js';
import { forgive } from './queries/crashes.query.js';
import { claimDispatches, dispatchesLeasedTo, endDispatch, giveDispatchBack } from './queries/dispatches.query.js';
import { giveBack, leasedTo } from './queries/give-back.query.js';
import { pauseRun, resumeRun } from './queries/pause-run.query.js';
import { registerCaps, sweepPermits } from './queries/permits.query.js';
import { probeValues } from './queries/probe-values.query.js';
import { readInboxes, readJournals, readJournalsThatFit } from './queries/read-journal.query.js';
import { recordLateResult } from './queries/record-late-result.query.js';
import { changeSession, openSession, readSessionData } from './queries/run-sessions.query.js';
import { cacheOutput, dropKey, finishKey, readCached, takeKey } from './queries/step-keys.query.js';
import { takeOver } from './queries/take-over.query.js';
import { watchDispatches, watchRuns } from './queries/watch-leases.query.js';
import { endWorker, heartbeat, registerWorker } from './queries/workers.query.js';
import { readRunPayloads } from './reads/journal-page.read.js';
import { readNodeFacts } from './reads/node-facts.read.js';
import type { Sql } from './sql.js';

export interface PostgresWorkerStoreParts {
  readonly sql: Sql;
  /** For registration and heartbeats only: nothing else may hold its connection. */
  readonly leaseSql: Sql;
  readonly committer: PostgresCommitter;
  /** For transactions of steps and emitters. */
  readonly dataSource: DataSource;
}

export function postgresWorkerStore({ sql, leaseSql, committer, dataSource }: PostgresWorkerStoreParts): WorkerStore {
  return {
    workers: {
      register: (worker, leaseMs) => registerWorker(leaseSql, worker, leaseMs),
      beat: (worker, leaseMs) => heartbeat(leaseSql, worker, leaseMs),
      end: (worker) => endWorker(sql, worker),
      forgive: (worker) => forgive(sql, worker),
      takeOver: (limit, judge) => takeOver(sql, limit, judge),
    },
    runs: {
      claim: (request) => claimRuns(sql, request),
      giveBack: ({ tenant, id, epoch }) => giveBack(sql, tenant, id, epoch),
      leasedTo: (worker) => leasedTo(sql, worker),
      nextDue: (queues, needs) => nextDue(sql, queues, needs),
      watch: (runs) => watchRuns(sql, runs),
      registerCaps: (hosted) => registerCaps(sql, hosted),
      sweepPermits: () => sweepPermits(sql),
    },
    journals: {
      read: (runs) => readJournals(sql, runs),
      readThatFit: (runs) => readJournalsThatFit(sql, runs),
      readNode: (run, path, iterations) => readNodeFacts(sql, run, path, iterations),
      outputs: async (tenant, runs) => new Map([...(await readRunPayloads(sql, tenant, runs))].map(([id, { output }]) => [id, output])),
      inboxes: (runs) => readInboxes(sql, runs),
      append: (message) => appendInbox(sql, message),
      pause: (message) => pauseRun(sql, message),
      resume: (message) => resumeRun(sql, message),
      recordLateResult: (late) => recordLateResult(sql, late),
      probe: (json, texts) => probeValues(sql, json, texts),
    },
    dispatches: {
      claim: (worker, queues, needs, limit) => claimDispatches(sql, worker, queues, needs, limit),
      end: (dispatch, facts) => endDispatch(sql, dispatch, facts),
      giveBack: (dispatch) => giveDispatchBack(sql, dispatch),
      leasedTo: (worker) => dispatchesLeasedTo(sql, worker),
      watch: (dispatches) => watchDispatches(sql, dispatches),
    },
    committer,
    keys: {
      take: (key, leaseMs) => takeKey(sql, key, leaseMs),
      finish: (key, output, ttlMs) => finishKey(sql, key, output, ttlMs),
      drop: (key) => dropKey(sql, key),
      cached: (key) => readCached(sql, key),
      cache: (key, output, ttlMs) => cacheOutput(sql, key, output, ttlMs),
    },
    sessions: {
      open: (session, data) => openSession(sql, { ...session, data, ttlMs: null, createdBy: null }),
      read: (session, key) => readSessionData(sql, session, key),
      change: (session, key, version, data) => changeSession(sql, session, key, version, data),
    },
    transactions: new PostgresOwnTransactions(dataSource, committer, sql),
  };
}
