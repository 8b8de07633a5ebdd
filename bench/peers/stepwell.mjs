// Stepwell itself, as its server wires it: run service, worker, router and group committer with the settings of a user, from the build in
// dist/. A wait is an async result, children are a `forEachRun`, records come from an emitter, people decide by the task service.

export default {
  name: 'stepwell',
  title: 'Stepwell',
  leavesOut: 'nothing that is measured here',
  cannot: {},
  open: async (where) => {
    const { openProcess, openServer } = await import('../stepwell/open.mjs');
    return where.workload === 'lists' ? openServer(where) : openProcess(where);
  },
};
