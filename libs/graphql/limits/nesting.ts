/**
 * How deep brackets of any kind may stand within each other in the text of an operation. graphql-js reads a text by recursion: a few
 * thousand of them, in the default of a variable or as an argument, are the end of its stack.
 */
import { StepwellError } from '@stepwell/contracts';
import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';
import { MAX_TOKENS } from './query-limits.js';

/** Fields have a limit of their own, far below; values that are written out, and deeper than this, can be sent as variables. */
export const MAX_NESTING = 200;

const OPENS: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSES: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** @returns QUERY_TOO_DEEP; `undefined` for a text that may be parsed, whether or not it is right */
export function nestingErrorOf(text: string): GraphQLError | undefined {
  let depth = 0;
  try {
    const lexer = new Lexer(new Source(text));
    for (let count = 0; count < MAX_TOKENS; count++) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return undefined;
      if (CLOSES.has(kind)) depth--;
      if (OPENS.has(kind) && ++depth > MAX_NESTING) return tooDeep();
    }
  } catch (error) {
    // The parser says the same of it, with the place.
    if (!(error instanceof GraphQLError)) throw error;
  }
  return undefined;
}

function tooDeep(): GraphQLError {
  const { code, message } = new StepwellError('QUERY_TOO_DEEP', { what: 'brackets within brackets', limit: MAX_NESTING });
  return new GraphQLError(message, { extensions: { code } });
}
