// Lint with types, zero warnings. A rule is here because it finds mistakes; what is mere layout belongs to Prettier, what is imports to
// dependency-cruiser. `consistent-type-imports` is left out on purpose: a class in a decorated constructor must be a real import, and an
// autofix to `import type` would silently break injection.
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/*.type-spec.ts', '**/conformance/*.ts', 'test/**/*.ts'];

/** Typos and slips that no type shows. */
const plainRules = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
  'no-debugger': 'error',
  'no-constant-condition': ['error', { checkLoops: false }],
  'no-unreachable': 'error',
  'no-fallthrough': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-unsafe-finally': 'error',
  'no-promise-executor-return': 'off',
  'no-async-promise-executor': 'error',
  'no-control-regex': 'error',
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-eval': 'error',
  'no-new-func': 'error',
};

const noHiddenTests = [
  { object: 'jest', property: 'retryTimes', message: 'No retry hides a flaky test.' },
  ...['it', 'test', 'describe'].map((object) => ({ object, property: 'only', message: 'The others must run too.' })),
];

export default tseslint.config(
  { ignores: ['**/node_modules/', 'dist/', 'dist-nest/', '.stepwell/', 'coverage/', 'bench/results/', '**/*.d.mts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { rules: plainRules },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // A port's method may be synchronous in one adapter and not in another.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A workflow's own screen is a part of the pages.
    files: ['workflows/**/*.tsx', 'libs/screens/**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: 'apps/web/tsconfig.json' } },
  },
  {
    // Pure: time, ids and randomness come through ports, or a run could not be folded twice to the same state.
    files: ['libs/engine/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'Date',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'process',
          'crypto',
          'performance',
          'fetch',
          'Buffer',
        ].map((name) => ({
          name,
          message: 'The engine is pure: take it from a port.',
        })),
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'The engine is pure: take it from a port.' }],
    },
  },
  {
    files: SPECS,
    rules: {
      'no-restricted-properties': ['error', ...noHiddenTests],
      // Jest's matchers and rows of ad-hoc queries are `any`; a wrong guess fails the test at once.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
    },
  },
  {
    // A migration is one statement after the other, told in one piece and never changed again.
    files: ['migrations/**/*.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    rules: { 'no-undef': 'off', 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
);
