import { readConfig } from './config.js';

describe('the settings', () => {
  it('have defaults that need nothing', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      roles: ['api', 'worker', 'scheduler'],
      queues: ['default'],
      isProduction: false,
    });
  });

  it('tell every bad value at once', () => {
    const read = () => readConfig({ PORT: 'eighty', DATABASE_URL: 'mysql://x', STEPWELL_ROLES: 'api,cook', STEPWELL_SECRET: 'short' });
    expect(read).toThrow(/PORT is "eighty".*DATABASE_URL.*"cook".*STEPWELL_SECRET/s);
  });

  it('take roles and queues as lists', () => {
    expect(readConfig({ STEPWELL_ROLES: 'worker', STEPWELL_QUEUES: 'default, heavy' })).toMatchObject({
      roles: ['worker'],
      queues: ['default', 'heavy'],
    });
  });
});
