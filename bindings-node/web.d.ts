import type { ServerOptions } from './express.js';
import type { Identity, Verifier } from './index.js';

/** The request for hooks. */
export interface WebRequestHead {
  method: string;
  /** Path and query. */
  url: string;
  headers: Record<string, string>;
}

export interface WebOptions {
  /** The address of the socket, if the runtime reports it. */
  peer?: string;
}

export interface WebHmacAuth {
  /** Verifies a request, then calls `next` with it and its Identity. Resolves to the response to send. */
  (
    request: Request,
    next: (request: Request, identity: Identity | undefined) => Response | Promise<Response>,
    options?: WebOptions,
  ): Promise<Response>;
  readonly verifier: Verifier;
  /** Resolves to the Identity of a request, or to `undefined` if the policy accepts it without
   * one. Throws a
   * `RejectedError`. The body of the request stays readable. */
  verifyRequest(request: Request, options?: WebOptions): Promise<Identity | undefined>;
  /** The middleware for Hono: `app.use(hmacAuth(options).hono)`. The Identity is in `c.get('sealwire')`. */
  hono(context: any, next: () => Promise<void>): Promise<void>;
}

/** Creates middleware for servers built on `Request` and `Response`. */
export declare function hmacAuth(options: ServerOptions<WebRequestHead>): WebHmacAuth;

/** Resolves to the Identity of a request, or to `undefined` if the policy accepts it without one.
 * Throws a
 * `RejectedError`. The body of the request stays readable. */
export declare function verifyRequest(
  request: Request,
  verifier: Verifier,
  options?: WebOptions,
): Promise<Identity | undefined>;
