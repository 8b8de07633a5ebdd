import { createContext } from 'react';

interface Uploads {
  /** Tells whether a field still sends files: what has not arrived is not in the form's value. */
  readonly setBusy: (field: string, isBusy: boolean) => void;
}

export const UploadsContext = createContext<Uploads>({ setBusy: () => undefined });
