/**
 * GraphQL over the websocket, for subscriptions only: queries and mutations go by POST, where their checks are.
 *
 * The handshake is refused, in words, (404) at another address, (403) from another site's page and (401) without a session; the socket then lives as long as the session
 * does: it is looked up again every half minute, before each subscription, and at the moment it expires.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { ACCESS_OPTIONS, type AccessOptions, foreignOrigin, SessionService, type Viewer } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { type ExecutionArgs, getOperationAST, GraphQLError, type GraphQLFormattedError, OperationTypeNode, parse, validate } from 'graphql';
import { MessageType, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { clientError } from '../errors/client-error.js';
import { nestingErrorOf } from '../limits/nesting.js';
import { limitErrorOf, MAX_TOKENS } from '../limits/query-limits.js';
import { ContextFactory } from '../wire/context-factory.js';

const PATH = '/graphql';
/** How long a socket may outlive a session that was ended elsewhere. */
const CHECK_EVERY_MS = 30_000;
/** A subscription's text and its variables; nothing else comes in. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A page has three; each costs a listener, and a word with the database when it begins. */
export const MAX_SUBSCRIPTIONS = 50;
/** What a client gets to answer our goodbye. */
const GOODBYE_MS = 1_000;
const FROM_SERVER: readonly string[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];
/** graphql-ws: the client may come again with another session. */
const FORBIDDEN = 4403;

@Injectable()
export class SubscriptionServer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Subscriptions');
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  private readonly viewers = new WeakMap<WebSocket, Viewer>();
  private protocol: { dispose(): void | Promise<void> } | undefined;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly schemas: GraphQLSchemaHost,
    private readonly contexts: ContextFactory,
    private readonly sessions: SessionService,
    @Inject(ACCESS_OPTIONS) private readonly access: AccessOptions,
  ) {}

  onApplicationBootstrap(): void {
    const { schema } = this.schemas;
    this.protocol = useServer<Record<string, unknown>, { socket: WebSocket; request: IncomingMessage }>(
      {
        schema,
        jsonMessageReviver: (key, value: unknown) => (key === '' ? fromClient(value) : value),
        onSubscribe: async ({ extra, subscriptions }, _id, payload) =>
          // The one that is asked for is counted already.
          Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS ? [tooMany()] : this.subscription(extra.socket, extra.request, payload),
        onNext: (_context, _id, _payload, _args, { data = null, errors }) => ({ data, ...(errors ? { errors: told(errors) } : {}) }),
        onError: (_context, _id, _payload, errors) => told(errors),
      },
      this.sockets,
    );
    const server = this.adapter.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => void this.shakeHands(request, socket, head));
  }

  /** Before the HTTP server drains, which would cut the sockets without a word. */
  async onModuleDestroy(): Promise<void> {
    const impatience = setTimeout(() => this.sockets.clients.forEach((socket) => socket.terminate()), GOODBYE_MS);
    await this.protocol?.dispose();
    clearTimeout(impatience);
  }

  private async shakeHands(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      if (request.url?.split('?')[0] !== PATH) return refuse(socket, '404 Not Found', `There is no websocket here. It is at ${PATH}.`);
      const origin = foreignOrigin(request.headers, this.access.publicUrl);
      if (origin !== undefined) return refuse(socket, '403 Forbidden', new StepwellError('ORIGIN_REFUSED', { origin }).message);
      const viewer = await this.sessions.viewerOf(request.headers.cookie);
      if (!viewer) return refuse(socket, '401 Unauthorized', new StepwellError('NOT_SIGNED_IN').message);
      this.sockets.handleUpgrade(request, socket, head, (accepted) => {
        this.keep(accepted, viewer);
        this.sockets.emit('connection', accepted, request);
      });
    } catch (error) {
      this.logger.error(`A handshake failed: ${String(error)}`);
      refuse(socket, '503 Service Unavailable', new StepwellError('DATABASE_UNAVAILABLE').message);
    }
  }

  /** Watches the session of an open socket. */
  private keep(socket: WebSocket, viewer: Viewer): void {
    this.viewers.set(socket, viewer);
    let timer: NodeJS.Timeout;
    const watch = (): void => {
      const left = viewer.session.expiresAt.getTime() - Date.now();
      timer = setTimeout(() => void this.check(socket).then((isGood) => isGood && watch()), Math.max(0, Math.min(left, CHECK_EVERY_MS)));
      timer.unref();
    };
    watch();
    socket.once('close', () => clearTimeout(timer));
  }

  /** @returns false when the session is over; the socket is then closed */
  private async check(socket: WebSocket): Promise<boolean> {
    if (socket.readyState !== WebSocket.OPEN) return false;
    const before = this.viewers.get(socket);
    // A database that does not answer says nothing about the session.
    const viewer = before && (await this.sessions.again(before).catch(() => before));
    if (viewer && viewer.session.expiresAt.getTime() > Date.now()) {
      this.viewers.set(socket, viewer);
      return true;
    }
    socket.close(FORBIDDEN, 'The session has ended.');
    return false;
  }

  private async subscription(
    socket: WebSocket,
    request: IncomingMessage,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    if (!(await this.check(socket))) return [new GraphQLError('Sign in first.', { extensions: { code: 'NOT_SIGNED_IN' } })];
    const { schema } = this.schemas;
    try {
      const tooDeep = nestingErrorOf(payload.query);
      if (tooDeep) return [tooDeep];
      const document = parse(payload.query, { maxTokens: MAX_TOKENS });
      const mistakes = validate(schema, document);
      if (mistakes.length > 0) return mistakes;
      const operation = getOperationAST(document, payload.operationName);
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
        return [new GraphQLError('Only subscriptions come over the socket; send queries and mutations by POST.')];
      const tooMuch = limitErrorOf({ schema, document, operation, variables: payload.variables ?? {} });
      if (tooMuch) return [tooMuch];
      const contextValue = this.contexts.create(this.viewers.get(socket), request.socket.remoteAddress ?? '');
      return { schema, document, contextValue, operationName: payload.operationName ?? null, variableValues: payload.variables ?? null };
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }
}

/** Messages that only a server sends, graphql-ws would take for a fault of ours, and say so in the log. @throws Error, and the socket is closed as for any message that is none */
function fromClient(message: unknown): unknown {
  const { type } = (message ?? {}) as { readonly type?: unknown };
  if (typeof type === 'string' && FROM_SERVER.includes(type)) throw new Error(`"${type}" comes from a server.`);
  return message;
}

function told(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.map((error) => clientError(error.toJSON(), error));
}

function tooMany(): GraphQLError {
  const { code, message } = new StepwellError('TOO_MANY_SUBSCRIPTIONS', { limit: MAX_SUBSCRIPTIONS });
  return new GraphQLError(message, { extensions: { code } });
}

function refuse(socket: Duplex, status: string, words: string): void {
  const body = `${words}\n`;
  const head = ['Connection: close', 'Content-Type: text/plain; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`];
  socket.end([`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n'));
}
