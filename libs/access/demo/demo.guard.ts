/**
 * The one-click sign-in is for somebody who looks at Stepwell on the machine in front of them, and for nobody else. Its routes are
 * registered only with the embedded database and NODE_ENV other than production. For each request this guard adds: the server listens
 * on loopback (asked of the socket itself, not of a setting), the request was addressed to loopback by name (a page that rebinds
 * its own name to 127.0.0.1 is not), and no proxy forwarded it. Otherwise it answers as for any unknown route.
 */
import type { IncomingHttpHeaders, Server } from 'node:http';
import { type CanActivate, type ExecutionContext, Injectable, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request } from 'express';
import { isLoopbackAddress, isLoopbackHost } from '../http/loopback.js';

/** By which proxies tell whom they speak for. */
const FORWARDING =
  /^(forwarded|via|x-forwarded(-.*)?|x-real-ip|(.*-)?client-ip|x-original-(host|url|forwarded-for)|x-envoy-.*|cf-.*|tailscale-.*)$/;

@Injectable()
export class DemoGuard implements CanActivate {
  constructor(private readonly adapter: HttpAdapterHost) {}

  canActivate(context: ExecutionContext): true {
    const { method, originalUrl, headers } = context.switchToHttp().getRequest<Request>();
    if (this.listensOnLoopback() && isLoopbackHost(headers.host) && !isForwarded(headers)) return true;
    throw new NotFoundException(`Cannot ${method} ${originalUrl}`);
  }

  private listensOnLoopback(): boolean {
    const address = (this.adapter.httpAdapter.getHttpServer() as Server).address();
    return typeof address === 'object' && address !== null && isLoopbackAddress(address.address);
  }
}

function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => FORWARDING.test(name));
}
