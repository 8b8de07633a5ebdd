// One worker process of several, on a database that another process has made: says when it is ready, looks when it is told to, and ends with
// whoever has started it.
import { parseArgs } from 'node:util';
import { openProcess } from './open.mjs';

const { values } = parseArgs({ options: { 'database-url': { type: 'string' }, claim: { type: 'string', default: 'plain' } } });
const own = await openProcess({ databaseUrl: values['database-url'], isOneOfMany: true, claim: values.claim });
process.on('message', () => own.look());
process.once('disconnect', () => void own.close().then(() => process.exit(0)));
process.send('ready');
