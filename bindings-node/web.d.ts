import type { ServerOptions } from './express.js';
import type { Identity, Verifier } from './index.js';

/** The request that is passed to hooks such as `skip`. */
export interface WebRequestHead {
  method: string;
  /** The path and the query. */
  url: string;
  headers: Record<string, string>;
}

export interface WebOptions {
  /** The address of the socket, if the runtime reports it. */
  peer?: string;
}

export interface WebHmacAuth {
  /** Verifies a request, and then calls `next` with the request and its Identity. Resolves to the response to send. */
  (
    request: Request,
    next: (request: Request, identity: Identity | undefined) => Response | Promise<Response>,
    options?: WebOptions,
  ): Promise<Response>;
  readonly verifier: Verifier;
  /** Verifies a request. Resolves to the sender's Identity, or to `undefined` if the policy accepts the request without an
   * Identity. Rejects with a `RejectedError` if the request is rejected. The application can still read the request body. */
  verifyRequest(request: Request, options?: WebOptions): Promise<Identity | undefined>;
  /** The middleware for Hono: `app.use(hmacAuth(options).hono)`. The Identity is in `c.get('sealwire')`. */
  hono(context: any, next: () => Promise<void>): Promise<void>;
}

/** Creates middleware for servers built on `Request` and `Response`. */
export declare function hmacAuth(options: ServerOptions<WebRequestHead>): WebHmacAuth;

/** Verifies a request. Resolves to the sender's Identity, or to `undefined` if the policy accepts the request without an
 * Identity. Rejects with a `RejectedError` if the request is rejected. The application can still read the request body. */
export declare function verifyRequest(
  request: Request,
  verifier: Verifier,
  options?: WebOptions,
): Promise<Identity | undefined>;
