/** What the views need to know of the workflows that this process hosts. The runtime provides it. */
export abstract class ColumnProvider {
  /**
   * @param workflow null: any
   * @returns the names of its columns, over all hosted versions; `undefined` when none is hosted
   */
  abstract columnsOf(workflow: string | null): readonly string[] | undefined;
}
