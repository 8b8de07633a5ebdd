/** A class, used as a token. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any constructor will do: the container builds it
export type Type<T> = new (...args: any[]) => T;
