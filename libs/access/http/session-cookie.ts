/**
 * The cookie that holds the session token. HttpOnly: no script reads it. SameSite=Strict: no other site makes a browser send it; the
 * page itself is public, so a link from elsewhere still opens it, and what it fetches then is same-site. Secure (with the
 * `__Host-` prefix, which pins it to this host) where people reach us by https.
 */
import type { CookieOptions, Response } from 'express';

export class SessionCookie {
  private readonly name: string;
  private readonly options: CookieOptions;

  constructor(publicUrl: string | undefined) {
    const secure = publicUrl?.startsWith('https:') ?? false;
    this.name = secure ? '__Host-stepwell' : 'stepwell';
    this.options = { httpOnly: true, sameSite: 'strict', path: '/', secure };
  }

  set(response: Response, token: string, expires: Date): void {
    response.cookie(this.name, token, { ...this.options, expires });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.options);
  }

  /** @param header the request's Cookie header */
  read(header: string | undefined): string | undefined {
    for (const part of header?.split(';') ?? []) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.name && value) return decoded(value);
    }
    return undefined;
  }
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    // Not a value we set.
    return undefined;
  }
}
