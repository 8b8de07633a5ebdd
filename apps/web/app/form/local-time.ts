/** An instant as a field for day and time wants it: in the reader's zone, to the minute. What is no instant gives an empty field. */
export function toLocalText(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant of a day and a time in the reader's zone, in UTC. */
export function toInstant(localText: string): string | undefined {
  const date = new Date(localText);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
