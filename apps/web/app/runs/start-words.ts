const WORDS: Readonly<Record<string, string>> = {
  api: 'by hand',
  event: 'by an event',
  schedule: 'by a schedule',
  emitter: 'by an emitter',
  parent: 'by another run',
  fork: 'as a fork',
};

export function startWords(startedBy: string): string {
  return WORDS[startedBy] ?? `by ${startedBy}`;
}
