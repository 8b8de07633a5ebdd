/** Who an event was for: a workflow that starts on it, or a run that waits for it or is canceled by it. */
export function consumerWords({ consumer, workflow }: { readonly consumer: string; readonly workflow?: string | null }): string {
  return consumer.startsWith('start:') ? `starts ${workflow ?? consumer.slice('start:'.length)}` : 'a run that listens';
}

/** How many deliveries have which status, in the order in which they first appear: "2 started, 1 failed". */
export function deliveryCounts<Status extends string>(
  deliveries: readonly { readonly status: Status }[],
): readonly (readonly [Status, number])[] {
  const counts = new Map<Status, number>();
  for (const { status } of deliveries) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts];
}
