import type { Edge } from '../edge.js';
import type { House } from '../house.js';
import { commandsEdge } from './commands.edge.js';
import { definitionsEdge } from './definitions.edge.js';
import { documentsEdge } from './documents.edge.js';
import { emissionsEdge } from './emissions.edge.js';
import { framingEdge } from './framing.edge.js';
import { graphqlEdge } from './graphql.edge.js';
import { recordsEdge } from './records.edge.js';
import { restEdge, webhooksEdge } from './rest.edge.js';
import { settingsEdge } from './settings.edge.js';
import { socketEdge } from './socket.edge.js';
import { uploadsEdge } from './uploads.edge.js';

/** What is asked of a server that runs. Emissions are last: nobody else runs their emitter then. */
export function servedEdges(house: House): Edge[] {
  return [graphqlEdge, documentsEdge, restEdge, webhooksEdge, uploadsEdge, framingEdge, socketEdge, emissionsEdge].map(
    (edge) => edge(house) as Edge,
  );
}

/** What needs no server. */
export const UNSERVED_EDGES: readonly Edge[] = [recordsEdge, definitionsEdge, settingsEdge, commandsEdge];
