import { createContext } from 'react';
import type { FieldState } from './field-states.js';

interface FieldStates {
  readonly byKey: ReadonlyMap<string, FieldState>;
  readonly confirm: (keys: readonly string[]) => void;
  readonly isDisabled: boolean;
}

/** Undefined: nothing was suggested, and the fields of the form have no states. */
export const FieldStatesContext = createContext<FieldStates | undefined>(undefined);
