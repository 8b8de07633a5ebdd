/** What stands before every route: the headers, and a parser for JSON and nothing else. */
import type { NestExpressApplication } from '@nestjs/platform-express';
import { secureHeaders } from './secure-headers.js';

/** Room for the largest input or result we keep; who sends more gets 413 before it is read. */
const MAX_BODY = '2mb';

/** For an application made with `bodyParser: false`: Nest's own would also take forms, which nobody here sends but an attacker. */
export function configureHttp(app: NestExpressApplication, options: { readonly hasGraphiql: boolean }): void {
  app.disable('x-powered-by');
  app.use(secureHeaders(options));
  app.useBodyParser('json', { limit: MAX_BODY });
}
