/**
 * Of a task that was given to somebody: true when he is away, and so is everybody who stands in for him, in turn; else null. For what a
 * history keeps of it.
 *
 * @param tenant as SQL
 */
export function nobodyIsThere(tenant: string): string {
  return `CASE WHEN assigned_for IS NOT NULL AND is_away(${tenant}, coalesce(assignee, assigned_for)) THEN true END`;
}
