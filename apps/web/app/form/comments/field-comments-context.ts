import { createContext } from 'react';

interface FieldComments {
  /** How many open comments each field has. */
  readonly open: ReadonlyMap<string, number>;
  /** Fields that may be commented on, by what they are called. */
  readonly names: ReadonlyMap<string, string>;
  /** Goes to the first open comment on a field. */
  readonly onShow: (field: string) => void;
  /** Goes to where a new one is written. */
  readonly onWrite: (field: string) => void;
}

/** Undefined: the form belongs to no task. */
export const FieldCommentsContext = createContext<FieldComments | undefined>(undefined);
