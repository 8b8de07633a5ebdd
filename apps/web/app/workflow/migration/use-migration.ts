// Takes many runs to another version, a page after the other: first it looks at all that fit, then it migrates those that it has found
// possible, and no others, and last takes back what it has migrated. It may be stopped between two pages.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { MigrateRuns, UndoMigrations, type MigratedRun, type MigrationFilter } from './migration.mutations.js';

/** The most that the server takes at once. */
const PAGE = 100;
/** More are looked at when these are done: a report of more would be read by nobody. */
const MOST = 10_000;

export interface MigrationWay {
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
}

export interface Progress {
  readonly verb: 'Looking at' | 'Migrating' | 'Taking back';
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
}

interface State {
  /** Undefined before the first dry run. */
  readonly runs: readonly MigratedRun[] | undefined;
  readonly progress: Progress | undefined;
  readonly note: string | undefined;
}

interface Page {
  readonly runs: readonly MigratedRun[];
  readonly failure: string | undefined;
}

const NOTHING: State = { runs: undefined, progress: undefined, note: undefined };

export function useMigration({ workflow, from, to }: MigrationWay) {
  const client = useClient();
  const [state, setState] = useState(NOTHING);
  const isStopped = useRef(false);
  useEffect(
    () => () => {
      isStopped.current = true;
    },
    [],
  );

  const look = useCallback(
    async (filter: MigrationFilter) => {
      isStopped.current = false;
      const found: MigratedRun[] = [];
      let after: string | null = null;
      let note: string | undefined;
      do {
        setState({
          runs: found.length > 0 ? [...found] : undefined,
          progress: { verb: 'Looking at', done: found.length, total: null },
          note,
        });
        const variables: { dryRun: boolean; after: string | null } & MigrationWay = { workflow, from, to, dryRun: true, after };
        const { data, error } = await client.mutation(MigrateRuns, { ...variables, filter }).toPromise();
        note = error ? describeFailure(error).message : data?.migrateRuns.errors[0]?.message;
        found.push(...(data?.migrateRuns.runs ?? []));
        after = data?.migrateRuns.endCursor ?? null;
      } while (after !== null && note === undefined && !isStopped.current && found.length < MOST);
      if (after !== null) note ??= 'More runs are left. Look again when these are done.';
      setState({ runs: found, progress: undefined, note });
    },
    [client, workflow, from, to],
  );

  /** Asks for a page of ids after the other. What was not asked for stays as it is told. */
  const each = useCallback(async (verb: Progress['verb'], runs: readonly MigratedRun[], ids: readonly string[], ask: Ask) => {
    isStopped.current = false;
    const told = new Map(runs.map((run) => [run.runId, run]));
    let note: string | undefined;
    for (let done = 0; done < ids.length && note === undefined && !isStopped.current; done += PAGE) {
      setState({ runs: [...told.values()], progress: { verb, done, total: ids.length }, note });
      const page = await ask(ids.slice(done, done + PAGE));
      for (const run of page.runs) told.set(run.runId, run);
      note = page.failure;
    }
    setState({ runs: [...told.values()], progress: undefined, note });
  }, []);

  const migrate = useCallback(
    (runs: readonly MigratedRun[]) =>
      each('Migrating', runs, idsOf(runs, 'possible'), async (ids): Promise<Page> => {
        const { data, error } = await client.mutation(MigrateRuns, { workflow, from, to, dryRun: false, filter: { runs: [...ids] } });
        const failure = error ? describeFailure(error).message : data?.migrateRuns.errors[0]?.message;
        return { runs: data?.migrateRuns.runs ?? [], failure };
      }),
    [client, each, workflow, from, to],
  );

  const undo = useCallback(
    (runs: readonly MigratedRun[]) =>
      each('Taking back', runs, idsOf(runs, 'migrated'), async (ids): Promise<Page> => {
        const { data, error } = await client.mutation(UndoMigrations, { runs: [...ids] });
        const failure = error ? describeFailure(error).message : data?.undoMigrations.errors[0]?.message;
        // What is not taken back is where it is, and says why.
        const told = data?.undoMigrations.runs.map((run) => (run.outcome === 'refused' ? { ...run, outcome: 'migrated' as const } : run));
        return { runs: told ?? [], failure };
      }),
    [client, each],
  );

  const stop = useCallback(() => {
    isStopped.current = true;
  }, []);
  return { ...state, look, migrate, undo, stop };
}

type Ask = (ids: readonly string[]) => Promise<Page>;

export function idsOf(runs: readonly MigratedRun[], outcome: MigratedRun['outcome']): readonly string[] {
  return runs.filter((run) => run.outcome === outcome).map(({ runId }) => runId);
}
