// The typed `graphql` tag: documents are checked against schema.graphql (through the generated graphql-env.d.ts), and their results need
// no generated types. Fragments are not masked: a component names the fragment it wants and takes its plain type.
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './graphql-env.js';

/** Any JSON value, as it comes over the wire. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; JSON: Json };
}>();

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';
