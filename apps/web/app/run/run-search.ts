// What of a run's page stands in its address: /runs/<id>?node=review names the node that is shown open.
export interface RunSearch {
  /** A path of the graph, or a step's key: the path and the iteration. */
  readonly node?: string;
}

export function readRunSearch({ node }: Record<string, unknown>): RunSearch {
  return typeof node === 'string' && node !== '' ? { node } : {};
}
