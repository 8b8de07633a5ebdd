/** A child of a server process, for runs that may be what ends servers: see libs/runtime/isolation. Started by it, with its settings. */
import 'reflect-metadata';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findWorkflowModules, runIsolated } from '@stepwell/runtime';
import { ENTITIES } from '@stepwell/storage';

/** `dist/`, where this file is compiled to. */
const DIST = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

// What is skipped there the server has said already.
await runIsolated(await findWorkflowModules(join(DIST, 'workflows'), () => undefined), ENTITIES);
