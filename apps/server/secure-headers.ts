import type { NextFunction, Request, Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { QUEUE_BOARD_PATH } from './queues/queue-board-path.js';

/** Scripts from our own files only (no eval, no inline); styles may be inline, as the UI kit writes them. */
const STRICT = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** GraphiQL comes from a CDN and starts itself by an inline script. */
const FOR_GRAPHIQL = {
  ...STRICT,
  scriptSrc: ["'self'", "'unsafe-inline'", 'https://unpkg.com'],
  styleSrc: ["'self'", "'unsafe-inline'", 'https://unpkg.com'],
  fontSrc: ["'self'", 'data:', 'https://unpkg.com'],
};

/** bull-board's page names its own folder by a `<base>`, so that its deep links find its files. What it asks of others is refused. */
const FOR_QUEUE_BOARD = { ...STRICT, baseUri: ["'self'"] };

/** @param hasGraphiql loosens the policy of that one page, in development */
export function secureHeaders({
  hasGraphiql,
}: {
  hasGraphiql: boolean;
}): (request: Request, response: Response, next: NextFunction) => void {
  const strict = helmet(options(STRICT));
  const loose = helmet(options(FOR_GRAPHIQL));
  const board = helmet(options(FOR_QUEUE_BOARD));
  return (request, response, next) => {
    if (isBelow(request.path, QUEUE_BOARD_PATH)) return board(request, response, next);
    return (hasGraphiql && request.path === '/graphql' ? loose : strict)(request, response, next);
  };
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function options(directives: Record<string, string[]>): HelmetOptions {
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    // A self-hosted server on plain http is common behind a proxy; the proxy says whether it speaks https.
    strictTransportSecurity: false,
  };
}
