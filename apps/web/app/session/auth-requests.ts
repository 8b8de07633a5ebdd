// Sign-in and sign-out are plain POSTs beside GraphQL: they set and clear the session cookie, which no script can read.
import { CSRF_HEADERS } from '../connection/wire.js';
import type { Role } from './viewer.query.js';

/** What went wrong, as a sentence; undefined when it went well. */
export type AuthOutcome = { readonly failure?: string };

export function signIn(name: string, password: string): Promise<AuthOutcome> {
  return post('/auth/sign-in', { name, password });
}

export function signInAs(role: Role): Promise<AuthOutcome> {
  return post('/auth/demo-sign-in', { role });
}

export function signOut(): Promise<AuthOutcome> {
  return post('/auth/sign-out', {});
}

/** The roles that one click signs in with; none where the demo is not offered. */
export async function demoRoles(signal: AbortSignal): Promise<readonly Role[]> {
  try {
    const response = await fetch('/auth/demo-roles', { signal, headers: { accept: 'application/json' } });
    if (!response.ok) return [];
    const { roles } = (await response.json()) as { roles?: readonly Role[] };
    return roles ?? [];
  } catch {
    // No answer, no demo: the form says what is wrong when it is used.
    return [];
  }
}

async function post(path: string, body: object): Promise<AuthOutcome> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...CSRF_HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.ok ? {} : { failure: await reasonOf(response) };
  } catch {
    return { failure: 'The server cannot be reached. Check that it is running, then try again.' };
  }
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { message } = (await response.json()) as { message?: unknown };
    if (typeof message === 'string' && message !== '') return message;
  } catch {
    // Not our JSON (a proxy's page, perhaps): the status has to do.
  }
  return `The server answered with status ${response.status}.`;
}
