/**
 * The columns of runs, for pages: one statement for all runs of a page, then the author's functions, each by itself. A column that fails
 * is told to the log once, however often a list is read; what it said stands in its cell.
 */
import { Logger } from '@nestjs/common';
import { type Actor, logLine } from '@stepwell/contracts';
import {
  type ColumnCell,
  columnNames,
  fold,
  GraphReadContext,
  type HostedWorkflow,
  readColumns,
  standsOf,
  WorkflowCatalog,
} from '@stepwell/engine';
import { type Sql, readBoundedJournals } from '@stepwell/storage';

export interface RunOfList {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly actor: Actor | null;
  /** The node whose row it is, when it is a task's; otherwise the columns are those of where the run stands. */
  readonly at?: { readonly path: string; readonly iteration: string };
}

const TOO_LONG = 'The journal of this run is too long to be read for a list; open the run.';

export class RunColumns {
  private readonly told = new Set<string>();
  private readonly logger = new Logger('Columns');

  constructor(
    private readonly sql: Sql,
    private readonly catalog: WorkflowCatalog,
  ) {}

  /** @returns the cells of each run, in the order of the runs; none of a run whose version is not hosted here */
  async of(tenant: string, runs: readonly RunOfList[]): Promise<readonly (readonly ColumnCell[])[]> {
    const hosted = runs.map(({ workflow, version }) => this.hostedWithColumns(workflow, version));
    const ids = [...new Set(runs.flatMap(({ id }, index) => (hosted[index] ? [id] : [])))];
    const journals = ids.length === 0 ? undefined : await readBoundedJournals(this.sql, tenant, ids);
    return runs.map((run, index) => {
      const one = hosted[index];
      if (!one) return [];
      const facts = journals?.get(run.id);
      if (!facts) return failed(one, TOO_LONG);
      try {
        const state = fold(facts);
        const context = new GraphReadContext(one.graph, state, { tenant, runId: run.id, actor: run.actor });
        const node = run.at && one.graph.byPath.get(run.at.path);
        const stands = node && run.at ? [{ node, iteration: run.at.iteration }] : standsOf(one.graph, state, Date.now());
        return readColumns(one.graph, context, stands, (column, error) => this.tell(tenant, run, column, error));
      } catch (error) {
        // A newer version has written something that this one does not know.
        return failed(one, error instanceof Error ? error.message : String(error));
      }
    });
  }

  private hostedWithColumns(workflow: string, version: number): HostedWorkflow | undefined {
    const hosted = this.catalog.version(workflow, version);
    return hosted && columnNames(hosted.graph).length > 0 ? hosted : undefined;
  }

  private tell(tenant: string, { id, workflow, version }: RunOfList, column: string, error: unknown): void {
    const place = `${workflow}@${version} ${column}`;
    if (this.told.has(place)) return;
    this.told.add(place);
    const where = `Workflow "${workflow}" version ${version}, column "${column}", could not be read for run ${id}; it is not told again.`;
    this.logger.warn(
      `${logLine(where, { tenant, runId: id })} ${error instanceof Error ? (error.stack ?? error.message) : 'It threw something that is no Error.'}`,
    );
  }
}

function failed({ definition }: HostedWorkflow, error: string): ColumnCell[] {
  return definition.columns.map(({ name }) => ({ name, value: null, error }));
}
