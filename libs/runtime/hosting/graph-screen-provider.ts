import type { FieldError, Json } from '@stepwell/contracts';
import { takeDocuments } from '@stepwell/documents';
import { WorkflowCatalog } from '@stepwell/engine';
import { documentsIn, screenMetadata, type Type } from '@stepwell/sdk';
import type { Sql } from '@stepwell/storage';
import { ScreenProvider } from '@stepwell/tasks';
import type { Handlers } from '../worker/host.js';

/** The screens of the hosted workflows, found by their place in the graph. */
export class GraphScreenProvider extends ScreenProvider {
  constructor(
    private readonly catalog: WorkflowCatalog,
    private readonly handlers: Pick<Handlers, 'screen'>,
  ) {
    super();
  }

  answerClassOf(workflow: string, path: string, screen: string): Type<object> | undefined {
    const there = this.catalog.versions(workflow).flatMap(({ graph }) => {
      const definition = graph.byPath.get(path)?.definition;
      return definition?.kind === 'screen' ? [definition.screen] : [];
    });
    const found = there.find((type) => screenMetadata(type)?.id === screen) ?? there[0];
    return found && (this.handlers.screen(found).answer as Type<object>);
  }

  takeDocuments(sql: Sql, tenant: string, type: Type<object>, answer: Json): Promise<readonly FieldError[]> {
    return takeDocuments(sql, tenant, documentsIn(type, answer));
  }
}
