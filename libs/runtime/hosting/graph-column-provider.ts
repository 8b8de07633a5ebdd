import { columnNames, WorkflowCatalog } from '@stepwell/engine';
import { ColumnProvider } from '@stepwell/tasks';

/** The columns of the hosted workflows, over all their versions. */
export class GraphColumnProvider extends ColumnProvider {
  constructor(private readonly catalog: WorkflowCatalog) {
    super();
  }

  columnsOf(workflow: string | null): readonly string[] | undefined {
    const versions = workflow === null ? this.catalog.all() : this.catalog.versions(workflow);
    return versions.length === 0 ? undefined : [...new Set(versions.flatMap(({ graph }) => columnNames(graph)))];
  }
}
