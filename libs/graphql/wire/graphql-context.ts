import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import type { Viewer, WithViewer } from '@stepwell/access';
import type { Request } from 'express';
import type { Loaders } from './loaders.js';

/** What every resolver gets as its context. One per operation, so that loaders never serve one viewer what another one loaded. */
export interface GraphqlContext extends WithViewer {
  /** Of the operation, or of the handshake of its socket. */
  readonly ip: string;
  /** The HTTP request; absent on a socket. */
  readonly req: Request | undefined;
  readonly loaders: Loaders;
}

/** Parent, arguments, context, info. */
const CONTEXT = 2;

/** Injects the signed-in viewer; for resolvers whose policy is a role. */
export const CurrentViewer = createParamDecorator((_data: unknown, host: ExecutionContext): Viewer => {
  const { viewer } = host.getArgByIndex<GraphqlContext>(CONTEXT);
  if (!viewer) throw new StepwellError('NOT_SIGNED_IN');
  return viewer;
});

/** Injects the data loaders of this operation. */
export const CurrentLoaders = createParamDecorator(
  (_data: unknown, host: ExecutionContext): Loaders => host.getArgByIndex<GraphqlContext>(CONTEXT).loaders,
);
