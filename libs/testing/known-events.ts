import { eventsAwaitedBy, eventsEmittedBy, type WorkflowCatalog } from '@stepwell/engine';

/** Events that somebody of these workflows emits or listens to. */
export function knownEvents(catalog: WorkflowCatalog): string[] {
  return catalog
    .all()
    .flatMap(({ definition, graph }) => [
      ...[...definition.startOn, ...eventsAwaitedBy(graph)].map(({ event }) => event),
      ...eventsEmittedBy(graph),
    ]);
}
