import type { RuntimeOptions } from '../runtime-options.js';
import { isolatedSettings } from './isolated-settings.js';

const OPTIONS: RuntimeOptions = {
  ...{ databaseUrl: 'postgres://here/one', directUrl: undefined, roles: ['worker'], queues: ['default'], tenants: ['default'] },
  ...{ publicUrl: 'http://here', secretsFile: '/etc/stepwell/secrets.json', queueBounds: { all: 10, perTenant: null, whenFull: 'slow' } },
  ...{ provenanceKey: 'k'.repeat(32), isolation: { entry: 'isolated.js' } },
};

it('a process in isolation is told where the secrets of its steps are, and when its emitters have to wait', () => {
  const { secretsFile, queueBounds } = OPTIONS;
  expect(isolatedSettings(OPTIONS)).toMatchObject({ secretsFile, queueBounds });
});

it('it is not told what it has no use for', () => {
  const told = Object.keys(isolatedSettings(OPTIONS));
  expect(told.filter((name) => ['roles', 'isolation', 'provenanceKey', 'graphLock'].includes(name))).toEqual([]);
});
