// Stepwell itself: the server's own module from the build in dist/, with all roles and no setting set, and without pages
// (stepwell/runtime.mjs). A wait is an async result, children are a `forEachRun`, records come from an emitter, people decide by the task
// service.

export default {
  name: 'stepwell',
  title: 'Stepwell',
  flags: ['--enable-source-maps'], // as the launcher starts a server
  leavesOut: 'nothing that is measured here',
  cannot: {},
  open: async (where) => {
    const { openProcess, openServer } = await import('../stepwell/open.mjs');
    return where.workload === 'lists' ? openServer(where) : openProcess(where);
  },
};
