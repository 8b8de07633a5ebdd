/**
 * Does a request come from one of our own pages? Browsers name the page's origin on every unsafe request and on every websocket
 * handshake, and no script can change it. Its host must be the host the request was sent to (or the public one). Who sends no
 * Origin is no page, unless Sec-Fetch-Site says otherwise: programs may call, and they hold no cookie of a browser.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** @returns the foreign origin; `undefined` when the request may go on */
export function foreignOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): string | undefined {
  const { origin, host } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none' ? undefined : String(site);
  }
  const from = hostOf(origin);
  if (from !== undefined && from === host?.toLowerCase()) return undefined;
  if (publicUrl !== undefined && URL.canParse(publicUrl) && new URL(publicUrl).origin === origin) return undefined;
  return origin;
}

/** Host and port as a Host header writes them. `null` (a sandboxed frame, a file) is nobody's origin. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) && /^https?:/.test(origin) ? new URL(origin).host : undefined;
}
