/** Outputs of steps under a key of the author's, which other runs of the tenant may use. */
import type { Json } from '@stepwell/contracts';

export interface StepKey {
  readonly tenant: string;
  readonly key: string;
}

export interface KeyHolder extends StepKey {
  /** The step of the run, and of those that retry it. */
  readonly holder: string;
}

export type KeyTaken =
  | { readonly state: 'mine' }
  | { readonly state: 'completed'; readonly output: Json }
  /** By another run, whose lease holds for so long. */
  | { readonly state: 'held'; readonly leftMs: number };

export interface StepKeys {
  /** Takes a key that is free, whose lease is over, or that the holder has already: then its lease begins anew. */
  take(key: KeyHolder, leaseMs: number): Promise<KeyTaken>;
  /** Keeps the output for everybody who comes with the key; nothing when another has taken it over. */
  finish(key: KeyHolder, output: Json, ttlMs: number): Promise<void>;
  /** Gives the key back without an output. */
  drop(key: KeyHolder): Promise<void>;
  cached(key: StepKey): Promise<{ readonly output: Json } | undefined>;
  cache(key: StepKey, output: Json, ttlMs: number): Promise<void>;
}
