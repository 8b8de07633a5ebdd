/** The end of an id: a UUIDv7 begins with the time, so ids of one minute look alike at the front. */
export function shortId(id: string): string {
  return id.length > 8 ? id.slice(-8) : id;
}
