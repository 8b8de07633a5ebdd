export { GraphqlModule, type GraphqlOptions } from './graphql.module.js';
export { printSchema } from './print-schema.js';
