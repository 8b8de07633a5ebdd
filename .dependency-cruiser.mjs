// The import law: who may import whom. Each rule has a planted violation in test/setup/import-law.e2e-spec.ts, so a rule that stops
// biting fails the build.
//
//   contracts <- sdk <- engine <- storage <- { wakeups, scheduling, tasks, events, access, documents } <- notifications <- runtime <- { graphql, testing } <- apps
//
// A library may import what stands left of it, never right, and never its neighbour in the braces. workflows see sdk and contracts only (their specs the test kit, too),
// and so do examples, each for itself with the services that they share; postgres sees contracts only, the pages see no library at all.

const SPEC = '\\.(spec|int-spec|e2e-spec|type-spec)\\.ts$';
/** What starts by itself; everything else must be led to from here. */
const ENTRIES = [
  '^apps/auditor/main\\.ts$',
  '^apps/server/(main|isolated|worker|lock-graphs|print-schema|reset-password|tenant-shares|verify-provenance)\\.ts$',
  '^libs/[^/]+/index\\.ts$',
  '^libs/(.+/(conformance|testing)|testing/schedules)/',
  '^workflows/[^/]+/[^/]+\\.module\\.ts$',
  '^examples/(draw-graphs\\.ts$|(playbook|checkpoints)/[^/]+/[^/]+\\.module\\.ts$|playbook/services/)',
  '^(migrations|test)/',
];
const NEIGHBOURS = ['wakeups', 'scheduling', 'tasks', 'events', 'access', 'documents'];
const LAYERS = [['contracts'], ['sdk'], ['engine'], ['storage'], NEIGHBOURS, ['notifications'], ['runtime'], ['graphql', 'testing']];

/** One rule per library: everything in libs/ that is neither itself nor to the left of it. */
function layerRules() {
  return LAYERS.flatMap((layer, index) =>
    layer.map((library) => {
      const allowed = [library, ...LAYERS.slice(0, index).flat()];
      return {
        name: `layer-${library}`,
        comment: `${library} may import ${allowed.slice(1).join(', ') || 'no library'}. What is missing there belongs to the left, or behind a port.`,
        severity: 'error',
        from: { path: `^libs/${library}/`, pathNot: SPEC },
        to: { path: '^libs/', pathNot: `^libs/(${allowed.join('|')})/` },
      };
    }),
  );
}

export default {
  forbidden: [
    ...layerRules(),
    {
      name: 'layer-postgres',
      comment: 'The embedded database knows nothing of Stepwell but its contracts.',
      severity: 'error',
      from: { path: '^libs/postgres/', pathNot: SPEC },
      to: { path: '^libs/', pathNot: '^libs/(postgres|contracts)/' },
    },
    {
      name: 'auditor-stands-alone',
      comment: 'The auditor imports nothing of what it audits: plain SQL only.',
      severity: 'error',
      from: { path: '^apps/auditor/', pathNot: SPEC },
      to: { path: '^(libs|apps|test|workflows|migrations)/', pathNot: '^apps/auditor/' },
    },
    {
      name: 'no-circular',
      comment: 'No cycles, type-only ones included: move what both need into a third file, or pass it in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'enter-by-the-door',
      comment:
        'Enter a library by its index.ts (@stepwell/<library>). The suites of ports and the doubles of the core are for specs, wherever they are.',
      severity: 'error',
      from: { path: '^(libs/([^/]+)|apps|workflows|examples|migrations|test)/' },
      to: { path: '^libs/', pathNot: ['^libs/[^/]+/index\\.ts$', '^libs/[^/]+/(conformance|testing)/', '^libs/$2/'] },
    },
    {
      name: 'not-by-the-own-door',
      comment: 'Inside a library import the file, never the library’s own index.ts: barrels knot imports.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: SPEC },
      to: { path: '^libs/$1/index\\.ts$' },
    },
    {
      name: 'apps-are-leaves',
      comment: 'Nobody imports an application, except the tests that cross libraries.',
      severity: 'error',
      from: { path: '^(apps/([^/]+)|libs|workflows|examples|migrations)/' },
      to: { path: '^apps/', pathNot: '^apps/$2/' },
    },
    {
      name: 'pages-import-no-library',
      comment: 'The pages know the server by schema.graphql only. What they share with a workflow’s own screens is libs/screens.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: {
        path: '^(libs|migrations|workflows|examples|test)/',
        pathNot: ['^workflows/[^/]+/screens/[^/]+\\.tsx$', '^libs/screens/index\\.ts$'],
      },
    },
    {
      name: 'screens-are-loaded-in-one-place',
      comment: 'Only module-screens.ts loads the components of workflows, behind the boundary that catches what they throw.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: '^apps/web/app/inbox/task/screen/module-screens\\.ts$' },
      to: { path: '^workflows/' },
    },
    {
      name: 'screens-run-in-the-page',
      comment:
        'A screen’s component runs in the browser: of the server and of its own workflow it imports types only, else @stepwell/screens.',
      severity: 'error',
      from: { path: '^workflows/([^/]+)/screens/.+\\.tsx$' },
      to: {
        path: '^(libs|apps|migrations|test|workflows|examples)/',
        pathNot: ['^libs/screens/index\\.ts$', '^workflows/$1/screens/.+\\.(tsx|css)$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'screens-look-like-the-page',
      comment: 'A screen’s component is made of React and Mantine, as the page around it is.',
      severity: 'error',
      from: { path: '^workflows/[^/]+/screens/.+\\.tsx$' },
      to: {
        path: 'node_modules/',
        pathNot: 'node_modules/(react|@mantine/[^/]+|@tabler/icons-react|@types/react)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'layer-screens',
      comment: 'The package of the screens runs in the page: it knows React, and no library.',
      severity: 'error',
      from: { path: '^libs/screens/' },
      to: { path: '^(libs|apps|workflows)/', pathNot: '^libs/screens/' },
    },
    {
      name: 'workflows-are-islands',
      comment: 'A workflow imports sdk, contracts and the calendars beside it; with another workflow it talks through events.',
      severity: 'error',
      from: { path: '^workflows/([^/]+)/', pathNot: SPEC },
      to: {
        path: '^(libs|apps|migrations|test|workflows|examples)/',
        pathNot: '^(libs/(sdk|contracts|screens)/|workflows/($1/|[^/]+\\.calendar\\.ts$))',
      },
    },
    {
      name: 'calendars-are-shared',
      comment: 'workflows/<name>.calendar.ts is what several workflows import, so it knows none of them.',
      severity: 'error',
      from: { path: '^workflows/[^/]+\\.calendar\\.ts$' },
      to: { path: '^(libs|apps|migrations|test|workflows|examples)/', pathNot: '^libs/sdk/' },
    },
    {
      name: 'examples-are-islands',
      comment: 'An example can be copied into workflows/ as it is: it imports sdk, contracts and the playbook’s services.',
      severity: 'error',
      from: { path: '^examples/(playbook|checkpoints)/([^/]+)/', pathNot: SPEC },
      to: {
        path: '^(libs|apps|migrations|test|workflows|examples)/',
        pathNot: '^(libs/(sdk|contracts)|examples/(playbook/services|$1/$2))/',
      },
    },
    {
      name: 'migrations-are-frozen',
      comment: 'A migration must mean the same in ten years, so it imports nothing of ours that can change.',
      severity: 'error',
      from: { path: '^migrations/', pathNot: SPEC },
      to: { path: '^(libs|apps|workflows|examples|test)/' },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'contracts has no dependency at all, so that both sides of every wire can import it.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: SPEC },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'engine-is-pure',
      comment: 'The engine imports no framework, no driver and nothing of Node: clock, ids, randomness and storage are ports.',
      severity: 'error',
      from: { path: '^libs/engine/', pathNot: SPEC },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'graphql-sees-no-entity',
      comment: 'Resolvers delegate to services and map their results; rows and entities stay left of them.',
      severity: 'error',
      from: { path: '^libs/graphql/', pathNot: SPEC },
      to: { path: ['^libs/storage/entities/', 'node_modules/(typeorm|pg|@nestjs/typeorm)/'] },
    },
    {
      name: 'one-file-knows-the-tracing-sdk',
      comment: 'Who asks for no spans loads nothing of what sends them; author code needs @opentelemetry/api only.',
      severity: 'error',
      from: { path: '^(apps|libs|workflows|examples)/', pathNot: [SPEC, '^libs/runtime/tracing/open-telemetry\\.ts$'] },
      to: { path: 'node_modules/@opentelemetry/(?!api/)' },
    },
    {
      name: 'tracing-is-loaded-on-demand',
      comment: 'By import() only, where the setting asks for it.',
      severity: 'error',
      from: { pathNot: SPEC },
      to: { path: '^libs/runtime/tracing/open-telemetry\\.ts$', dynamic: false },
    },
    {
      name: 'product-imports-no-test',
      comment: 'What is shipped imports neither tests nor their tools.',
      severity: 'error',
      from: {
        path: '^(apps/server|libs|workflows|examples|migrations)/',
        pathNot: [SPEC, '^libs/.+/conformance/', '^libs/testing/', '\\.tsx$'],
      },
      to: { path: ['^test/', SPEC] },
    },
    {
      name: 'product-imports-no-dev-dependency',
      comment: 'npm ci --omit=dev must leave a server that runs.',
      severity: 'error',
      from: {
        path: '^(apps/server|libs|workflows|examples|migrations)/',
        pathNot: [SPEC, '^libs/screens/', '^libs/.+/conformance/', '^libs/testing/', '\\.tsx$'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-dead-file',
      comment: 'No entry (main, a library’s door, a workflow’s module, a migration, a test) leads to this file: remove it, or import it.',
      severity: 'error',
      from: { path: ENTRIES },
      to: { path: '^(apps/server|libs|workflows|examples)/', pathNot: [...ENTRIES, SPEC, '\\.tsx$'], reachable: false },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'Import what package.json names; somebody else’s dependency may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // The benchmark is a package of its own, with peers that are no dependencies of this one; its test enters it.
    doNotFollow: { path: ['node_modules', '^bench/'] },
    exclude: { path: '(^|/)(dist|dist-nest|coverage)/' },
    // Type-only imports count: a cycle of types is a cycle of files.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
