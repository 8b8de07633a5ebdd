import type { NextFunction, Request, Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

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

/** @param hasGraphiql loosens the policy of that one page, in development */
export function secureHeaders({
  hasGraphiql,
}: {
  hasGraphiql: boolean;
}): (request: Request, response: Response, next: NextFunction) => void {
  const strict = helmet(options(STRICT));
  const loose = helmet(options(FOR_GRAPHIQL));
  return (request, response, next) => (hasGraphiql && request.path === '/graphql' ? loose : strict)(request, response, next);
}

function options(directives: Record<string, string[]>): HelmetOptions {
  return {
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    // A self-hosted server on plain http is common behind a proxy; the proxy says whether it speaks https.
    strictTransportSecurity: false,
  };
}
