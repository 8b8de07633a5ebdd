/**
 * A column of a batch that seldom has a value. Beside the others an empty array stands for NULL in each row, and is neither written, sent
 * nor read row by row.
 *
 * @returns one value for each row, or none at all when all of them are null
 */
export function sparse<Row, Value>(rows: readonly Row[], read: (row: Row) => Value | null): (Value | null)[] {
  for (const row of rows) if (read(row) !== null) return rows.map(read);
  return [];
}
