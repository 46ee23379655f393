import type { HmacAuthOptions } from './express.js';
import type { Identity, Verifier } from './index.js';

/** The common part of the events of h3 1 and 2. */
export interface EventLike {
  context: Record<string, any>;
}

/** The outgoing call for a request. */
export interface SignedCall {
  method?: string;
  path?: string;
}

/** Puts signed headers into `event.context.authHeaders`, by default for the method and path of
 * this request.
 * Does nothing while `enableHmac` is false. */
export declare function hmacSignatureMiddleware(event: EventLike, call?: SignedCall): void;

/** A handler whose event carries `context.authHeaders`. */
export declare function defineSignedEventHandler<E extends EventLike, R>(
  handler: (event: E) => R,
  call?: SignedCall | ((event: E) => SignedCall),
): (event: E) => R;

/** Middleware that rejects unverified requests, and sets `event.context.sealwire`. In observe
 * mode it sets
 * `event.context.sealwireRejection`. Throws if a verified request runs in a cached handler of
 * Nitro. */
export declare function hmacAuthMiddleware(
  options: HmacAuthOptions,
): ((event: EventLike, next?: () => unknown) => Promise<unknown>) & { readonly verifier: Verifier };

/** A handler that runs only for verified requests; `event.context.sealwire` is the `Identity`. */
export declare function defineVerifiedEventHandler<E extends EventLike, R>(
  options: HmacAuthOptions,
  handler: (event: E) => R,
): ((event: E) => Promise<Awaited<R>>) & { readonly verifier: Verifier };

export type { Identity };
