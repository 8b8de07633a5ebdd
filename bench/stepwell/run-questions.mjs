// What the page of runs asks: a page of the list, each a name and the variables of one GraphQL request.

const ROW = `id workflow title status waitReasons dueAt createdAt endedAt startedBy errorMessage subject isQuiet columns { name value error }`;

const RUNS = `query Runs($first: Int!, $after: String, $filter: RunFilter) {
  runs(first: $first, after: $after, filter: $filter) {
    edges { cursor node { ${ROW} } } pageInfo { hasNextPage endCursor } } }`;

const COUNT = 'query Count($filter: RunFilter) { runs(first: 1, filter: $filter) { totalCount } }';

const DEEP_PAGES = 50;

const page = (variables) => ({ query: RUNS, variables: { first: 50, ...variables } });

/** @param {(query: string, variables: object) => Promise<any>} ask */
export async function runQuestions(ask) {
  let after = null;
  for (let i = 0; i < DEEP_PAGES; i++) after = (await ask(RUNS, { first: 100, after })).runs.pageInfo.endCursor;
  const { edges } = (await ask(RUNS, { first: 50, filter: { status: ['completed'] } })).runs;
  const { id, workflow } = edges.at(-1).node;
  return {
    'first page': page({}),
    'a page 5,000 runs deep': page({ after }),
    failed: page({ filter: { status: ['failed'] } }),
    waiting: page({ filter: { status: ['waiting'] } }),
    'queued, of which there are none': page({ filter: { status: ['queued'] } }),
    'of one workflow': page({ filter: { workflow } }),
    'failed, of one workflow': page({ filter: { status: ['failed'], workflow } }),
    'of the last day': page({ filter: { createdFrom: new Date(Date.now() - 86_400_000).toISOString() } }),
    'by id': page({ filter: { search: id } }),
    'how many failed': { query: COUNT, variables: { filter: { status: ['failed'] } } },
    'how many, of all': { query: COUNT, variables: {} },
  };
}
