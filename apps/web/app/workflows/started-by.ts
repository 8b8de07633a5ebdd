// What starts the runs of a workflow, as far as the hosted code says. People and the API may always.
export interface Startable {
  readonly name: string;
  readonly title: string;
  readonly graph: { readonly nodes: readonly { readonly kind: string; readonly workflow: string | null }[] };
}

/** The workflows whose graphs start runs of this one: emitters, and parents. */
export function startedBy<W extends Startable>(name: string, all: readonly W[]): readonly W[] {
  return all.filter(({ graph }) => graph.nodes.some((node) => node.workflow === name));
}
