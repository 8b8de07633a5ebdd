// One Jest project for everything; what a test needs (Postgres, a browser, worker processes) it starts itself.
// `*.spec.ts` pure, `*.int-spec.ts` real Postgres, `*.e2e-spec.ts` whole processes and the browser.
export default {
  rootDir: '.',
  testMatch: [
    '<rootDir>/{apps/auditor,apps/server,apps/launcher,apps/web,libs,workflows,examples,migrations,test}/**/*.{spec,int-spec,e2e-spec}.ts',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Where an import names no ending, what is tried first is there: trying costs a call of the system each.
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'jsx', 'json', 'node'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@stepwell/sdk/testing$': '<rootDir>/libs/testing/index.ts',
    '^@stepwell/([a-z-]+)$': '<rootDir>/libs/$1/index.ts',
  },
  globalSetup: '<rootDir>/test/postgres/global-setup.mjs',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.mjs',
  setupFiles: ['reflect-metadata'],
  testSequencer: '<rootDir>/test/setup/longest-first.mjs',
  maxWorkers: 2,
  // What a file has loaded stays in its worker; with gigabytes of it each collection takes seconds. A worker above it is replaced between files.
  workerIdleMemoryLimit: '1GB',
  // It ends what hangs, and asserts nothing: a busy machine may take its time.
  testTimeout: 120_000,
};
