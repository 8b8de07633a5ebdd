/** What the application decides about access. */
export interface AccessOptions {
  /** False where there are no pages to sign in to: no route below `auth/` is then registered. */
  readonly hasSignIn: boolean;
  /** Whose people sign in when a request names no tenant; DEFAULT_TENANT by default. */
  readonly tenant?: string | undefined;
  /**
   * True with the embedded database and NODE_ENV other than production. Whether the one-click sign-in exists then also depends on the
   * listener and on each request (see `demo/demo.guard.ts`); when false, its routes are not even registered.
   */
  readonly mayOfferDemo: boolean;
  /** Where people reach this installation from outside, when that is not the address they type; its origin is ours too. */
  readonly publicUrl: string | undefined;
  /** Paths of the routes that also take multipart/form-data; each of them needs `CsrfGuard`. By default none. */
  readonly multipartPaths?: RegExp;
  /** Paths of the routes that take any body, because they read none: what is done is said by a signed path. By default none. */
  readonly oneClickPaths?: RegExp;
  /** Paths where a refusal also has the shape of GraphQL, `errors` with `extensions`. By default none. */
  readonly graphqlPaths?: RegExp;
}

/** Injection token of `AccessOptions`. */
export const ACCESS_OPTIONS = Symbol('ACCESS_OPTIONS');

/** The tenant of an installation that serves one. */
export const DEFAULT_TENANT = 'default';
