import { WorkflowCatalog } from '@stepwell/engine';
import type { Type } from '@stepwell/sdk';
import { ScreenProvider } from '@stepwell/tasks';
import { HandlerRegistry } from './handler-registry.js';

/** The screens of the hosted workflows, found by their place in the graph. */
export class GraphScreenProvider extends ScreenProvider {
  constructor(
    private readonly catalog: WorkflowCatalog,
    private readonly handlers: HandlerRegistry,
  ) {
    super();
  }

  answerClassOf(workflow: string, path: string): Type<object> | undefined {
    const definition = this.catalog.get(workflow)?.graph.byPath.get(path)?.definition;
    return definition?.kind === 'screen' ? (this.handlers.screen(definition.screen).answer as Type<object>) : undefined;
  }
}
