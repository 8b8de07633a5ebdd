import type { StepwellClient } from '@stepwell/sdk';
import type { EntityManager } from 'typeorm';
import { ClientByTenant } from './client-by-tenant.js';
import { TenantClients } from './tenant-clients.js';

const manager = {} as EntityManager;

/** Each call answers with the name of the database that it came to. */
function clientOf(database: string): StepwellClient {
  return new Proxy({} as StepwellClient, { get: () => () => Promise.resolve(database) });
}

function clientIn(database: string, clients?: TenantClients): StepwellClient {
  return new ClientByTenant(clientOf(database), { database, databaseOf: { acme: 'eu', initech: 'us' } }, clients);
}

const all = new TenantClients();
for (const database of ['first', 'eu']) all.put(database, clientOf(database));

it.each([
  ['first', undefined, 'first'],
  ['first', 'anybody', 'first'],
  ['first', 'acme', 'eu'],
  ['eu', 'acme', 'eu'],
  ['eu', undefined, 'first'],
  ['eu', 'toString', 'first'],
])('from %s, what is for tenant %s comes to %s', async (here, tenant, database) => {
  const options = tenant === undefined ? {} : { tenant };
  const client = clientIn(here, all);
  const node = [] as never;
  expect(
    await Promise.all([
      ...[client.start('x', null, options), client.emit('x', null, options), client.signal('id', {} as never, {}, options)],
      ...[client.updateContext('id', {}, options), client.runCheckpoint('text', options), client.carryRun('text', 'there', options)],
      client.inject('id', node, options),
    ]),
  ).toEqual(Array.from({ length: 7 }, () => database));
  expect(await client.installation()).toBe(here);
});

it('refuses to reach out of a transaction, and takes one for its own tenants', async () => {
  await expect(clientIn('first', all).start('x', null, { tenant: 'acme', manager })).rejects.toMatchObject({
    code: 'TENANT_ELSEWHERE',
    message: 'Tenant "acme" is in the database "eu": start cannot reach it, because the transaction is in "first".',
  });
  expect(await clientIn('eu', all).emit('x', null, { tenant: 'acme', manager })).toBe('eu');
});

it('says that a database has not been there so far, and that a process in isolation has one only', async () => {
  await expect(clientIn('first', all).start('x', null, { tenant: 'initech' })).rejects.toMatchObject({ code: 'TENANT_AWAY' });
  await expect(clientIn('first').start('x', null, { tenant: 'acme' })).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE' });
});
