/**
 * How much one operation may ask for. Decided from its text and its variables, before anything is read:
 *
 * - depth: fields within fields;
 * - selections: what the text becomes when every fragment is spread, so that fragments cannot multiply each other;
 * - cost: how many values the answer may hold. A field is one; a list is as many as `first` asks for, or as LIST_GUESS says. A field at
 *   the root of a mutation writes, and costs what many values do, so aliases are no way to try a thousand passwords in one request. A
 *   field that reads much for few values says what that costs besides, by its `complexity`.
 *
 * Queries and mutations are checked by `limits.plugin.ts`, subscriptions by `SubscriptionServer`. Introspection reads no rows and is
 * left to graphql-js, which bounds how often its lists may stand within each other.
 */
import { StepwellError } from '@stepwell/contracts';
import {
  type DocumentNode,
  getNullableType,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  isListType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';
import { MAX_PAGE } from '../wire/page.js';

/** The pages need 6, a run with its steps, their attempts and their errors within a connection 8. */
export const MAX_DEPTH = 10;
/** Four pages of the largest list with all that a page shows of it. */
export const MAX_COST = 20_000;
/** The largest document of the pages has a tenth. Below what graphql-query-complexity visits at most (10,000). */
export const MAX_SELECTIONS = 2_000;
/** Cut off while it is read, before it is a tree. A selection has some three tokens. */
export const MAX_TOKENS = 5_000;

/** What a list without `first` is taken for: steps of a run, attempts of a step, fields of a form. */
const LIST_GUESS = 10;
/** Twenty writes a request. */
const WRITE_COST = 1_000;

export interface LimitedOperation {
  readonly schema: GraphQLSchema;
  /** It has been validated: no fragment is missing, none leads back to itself. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @throws StepwellError QUERY_TOO_DEEP, QUERY_TOO_COSTLY; GraphQLError when an argument's value is none */
export function checkLimits({ schema, document, operation, variables }: LimitedOperation): void {
  new DepthCheck(document).enter(operation.selectionSet, 1);
  // What is wrong with the variables, the execution says, and does nothing else.
  if (getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors) return;
  const single: DocumentNode = {
    ...document,
    definitions: document.definitions.filter((part) => part === operation || part.kind === Kind.FRAGMENT_DEFINITION),
  };
  const writes = operation.operation === OperationTypeNode.MUTATION ? schema.getMutationType() : undefined;
  const estimate = (of: ComplexityEstimatorArgs): number => costOf(of) + ownCost(of) + (of.type === writes ? WRITE_COST : 0);
  const cost = getComplexity({ schema, query: single, variables: { ...variables }, estimators: [estimate] });
  if (cost > MAX_COST) throw new StepwellError('QUERY_TOO_COSTLY', { reason: `may return ${cost} values`, limit: MAX_COST });
}

/** `checkLimits` for those who speak GraphQL. */
export function limitErrorOf(operation: LimitedOperation): GraphQLError | undefined {
  try {
    checkLimits(operation);
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    if (error instanceof StepwellError) return new GraphQLError(error.message, { extensions: { code: error.code } });
    throw error;
  }
}

function costOf({ field, type, args, childComplexity }: ComplexityEstimatorArgs): number {
  if (field.name.startsWith('__')) return 1;
  const first: unknown = args['first'];
  // More than a page is refused by the resolver, so it costs no more; less than one must not make the rest cheaper.
  if (typeof first === 'number') return 1 + Math.min(Math.max(first, 1), MAX_PAGE) * Math.max(childComplexity, 1);
  // A connection has as many edges as its `first` said, and that has been counted.
  const isEdges = field.name === 'edges' && type.name.endsWith('Connection');
  return (isListType(getNullableType(field.type)) && !isEdges ? LIST_GUESS : 1) * (1 + childComplexity);
}

function ownCost({ field }: ComplexityEstimatorArgs): number {
  const own = field.extensions['complexity'];
  return typeof own === 'number' ? own : 0;
}

/** Walks an operation with its fragments spread, skipped parts included. */
class DepthCheck {
  private readonly fragments: ReadonlyMap<string, SelectionSetNode>;
  private selections = 0;

  constructor({ definitions }: DocumentNode) {
    this.fragments = new Map(
      definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part.selectionSet]] : [])),
    );
  }

  enter(set: SelectionSetNode, depth: number): void {
    for (const selection of set.selections) {
      if (++this.selections > MAX_SELECTIONS)
        throw new StepwellError('QUERY_TOO_COSTLY', { reason: 'selects too many fields', limit: MAX_SELECTIONS });
      switch (selection.kind) {
        case Kind.FIELD:
          if (selection.name.value.startsWith('__')) break;
          if (depth > MAX_DEPTH) throw new StepwellError('QUERY_TOO_DEEP', { what: 'fields within fields', limit: MAX_DEPTH });
          if (selection.selectionSet) this.enter(selection.selectionSet, depth + 1);
          break;
        case Kind.INLINE_FRAGMENT:
          this.enter(selection.selectionSet, depth);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = this.fragments.get(selection.name.value);
          if (fragment) this.enter(fragment, depth);
        }
      }
    }
  }
}
