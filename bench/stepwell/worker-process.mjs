// One worker process of several, on a database that another process has made: says when it is ready, looks when it is told to, and ends with
// whoever has started it.
import { parseArgs } from 'node:util';
import { Connections, WORKER } from '../../dist/libs/runtime/index.js';
import { claimBy } from './claim-variants.mjs';
import { openRuntime } from './runtime.mjs';

const { values } = parseArgs({ options: { 'database-url': { type: 'string' }, claim: { type: 'string', default: 'plain' } } });
const app = await openRuntime({ databaseUrl: values['database-url'], roles: ['worker'] });
claimBy(values.claim, app.get(Connections).engine);
process.on('message', () => app.get(WORKER).look());
process.once('disconnect', () => void app.close().then(() => process.exit(0)));
process.send('ready');
