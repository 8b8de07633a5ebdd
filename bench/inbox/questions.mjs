// What a reviewer's page asks of an inbox: each a name and the variables of one GraphQL request, or of several that one page sends at once.

const ROW = `id workflow title subject status priority openedAt dueAt endedAt claimedBy { name } claimedUntil isMine decidedBy { name }
  columns { name value error }`;

const INBOX = `query Inbox($first: Int!, $after: String, $filter: TaskFilter, $order: TaskOrder, $timeZone: String, $view: ID) {
  inbox(first: $first, after: $after, filter: $filter, order: $order, timeZone: $timeZone, view: $view) {
    edges { cursor node { ${ROW} } } pageInfo { hasNextPage endCursor } } }`;

const VIEWS = `query Views($timeZone: String) { inboxViews { id name owner isShared isMine problem count(timeZone: $timeZone) { count isMore } } }`;

const COUNT = 'query Count { inbox(first: 100) { edges { cursor } pageInfo { hasNextPage } } }';

const COLUMN_VALUES = `query ColumnValues($column: String!) { columnValues(column: $column) { value count } }`;

const timeZone = 'Europe/Berlin';
const page = (variables) => ({ query: INBOX, variables: { first: 50, timeZone, ...variables } });
const airport = (value) => ({ columns: [{ name: 'Airport', value }] });

/** The filters that are saved as views, each counted while the inbox is open. */
export const SAVED_VIEWS = {
  'due today': { due: { is: 'today' } },
  overdue: { due: { is: 'overdue' } },
  'mine this week': { mine: true, due: { is: 'week' } },
  'my groups': { myGroups: true },
  urgent: { priority: { min: 4 } },
  unassigned: { assignee: { nobody: true } },
  'of one workflow': { workflow: 'strike-review' },
  'one airport': airport('Airport 7'),
};

/** @param {string} deep a cursor far into the list */
export function questionsOf(deep) {
  return {
    'first page': page({}),
    'a page 50,000 tasks deep': page({ after: deep }),
    newest: page({ order: 'newest' }),
    'by due date': page({ order: 'due' }),
    mine: page({ filter: { mine: true } }),
    'of my groups': page({ filter: { myGroups: true } }),
    "nobody's, by due date": page({ filter: { assignee: { nobody: true } }, order: 'due' }),
    'of one colleague': page({ filter: { assignee: { name: 'person-7' } } }),
    'due today': page({ filter: { due: { is: 'today' } }, order: 'due' }),
    'overdue, highest priority first': page({ filter: { due: { is: 'overdue' } } }),
    'ever due, highest priority first': page({ filter: { due: { from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' } } }),
    'to be looked at again this week': page({ filter: { followUp: { is: 'week' } } }),
    'of one workflow': page({ filter: { workflow: 'strike-review' } }),
    'of a frequent airport': page({ filter: airport('Airport 0') }),
    'of a rare airport': page({ filter: airport('Airport 399') }),
    'of an airport that there is not': page({ filter: airport('Nowhere') }),
    'of one airport, urgent, overdue': page({ filter: { ...airport('Airport 3'), priority: { min: 4 }, due: { is: 'overdue' } } }),
    'claimed by nobody here, lowest priority': page({ filter: { status: ['claimed'], priority: { max: 0 } } }),
    'values of a column': { query: COLUMN_VALUES, variables: { column: 'Airport' } },
    'how many, for the badge': { query: COUNT, variables: {} },
    'eight saved views with their counts': { query: VIEWS, variables: { timeZone } },
  };
}

/** @throws Error when it is refused */
export async function saveView(ask, name, filter) {
  const { saveInboxView } = await ask(
    'mutation Save($name: String!, $filter: TaskFilter) { saveInboxView(name: $name, filter: $filter) { errors { message } } }',
    { name, filter },
  );
  if (saveInboxView.errors.length > 0) throw new Error(`The view "${name}" was refused: ${saveInboxView.errors[0].message}`);
}

/** The cursor so many tasks deep in the inbox. */
export async function deepCursor(ask, depth) {
  let after = null;
  for (let read = 0; read < depth; read += 100) {
    const { inbox } = await ask('query At($after: String) { inbox(first: 100, after: $after) { pageInfo { endCursor } } }', { after });
    after = inbox.pageInfo.endCursor;
  }
  return after;
}
