import { createContext } from 'react';
import type { Json } from '../../graphql.js';

/** The answer of the form around, without what is left out of it. */
export const AnswerContext = createContext<Json>({});
