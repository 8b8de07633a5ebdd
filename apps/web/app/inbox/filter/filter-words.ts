// What the parts of the filter are called, in the panel, in the pills, and to a screen reader.
import type { InboxFilter, TaskOrder } from '../inbox-filter.js';

export const ORDER_WORDS: Readonly<Record<TaskOrder, string>> = {
  priority: 'By priority',
  due: 'Due first',
  opened: 'Oldest first',
  newest: 'Newest first',
};

export const TIME_WORDS: Readonly<Record<string, string>> = {
  overdue: 'overdue',
  today: 'today',
  week: 'this week',
  none: 'never',
};

/** A condition that can be taken away by itself. */
export interface Condition {
  readonly label: string;
  readonly without: { readonly [Key in keyof InboxFilter]?: InboxFilter[Key] | undefined };
}

/** What the toolbar does not show already. */
export function conditionsOf({ assignee, group, due, followUp, priority, columns }: InboxFilter): readonly Condition[] {
  return [
    ...(assignee ? [{ label: `Assignee: ${assignee.replace(/^user:/, '')}`, without: { assignee: undefined } }] : []),
    ...(group ? [{ label: `Group: ${group}`, without: { group: undefined } }] : []),
    ...(due ? [{ label: `Due: ${timesWords(due)}`, without: { due: undefined } }] : []),
    ...(followUp ? [{ label: `Follow-up: ${timesWords(followUp)}`, without: { followUp: undefined } }] : []),
    ...(priority ? [{ label: `Priority: ${rangeWords(priority)}`, without: { priority: undefined } }] : []),
    ...Object.entries(columns ?? {}).map(([name, value]) => ({
      label: `${name}: ${value}`,
      without: { columns: withoutColumn(columns, name) },
    })),
  ];
}

export function withoutColumn(columns: InboxFilter['columns'], name: string): InboxFilter['columns'] {
  const { [name]: _, ...rest } = columns ?? {};
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function timesWords(times: string): string {
  return TIME_WORDS[times] ?? rangeWords(times);
}

function rangeWords(range: string): string {
  const [from = '', until = ''] = range.split('..');
  if (from === until) return from;
  if (from === '') return `up to ${until}`;
  return until === '' ? `from ${from}` : `${from} to ${until}`;
}
