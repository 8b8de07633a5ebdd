/** Ids are UUIDs; anything else names nothing, and must not reach a statement that would fail on it. */
export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
