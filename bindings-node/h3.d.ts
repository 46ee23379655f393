import type { HmacAuthOptions } from './express.js';
import type { Identity, Rejection, Verifier } from './index.js';

/** The properties that Sealwire adds to the context of an event. */
export interface SealwireContext {
  /** The verified sender. Absent if the request needed no signature, and in observe mode if it did not verify. */
  sealwire?: Identity;
  /** In observe mode, the reason why enforcement would reject the request. */
  sealwireRejection?: Rejection;
  /** The signed headers for the outgoing call. */
  authHeaders?: Record<string, string>;
}

// Types `event.context` in every handler of h3 1 and 2. An application without h3 has no such module.
// @ts-ignore
declare module 'h3' {
  interface H3EventContext extends SealwireContext {}
}

/** The common part of the events of h3 1 and 2. */
export interface EventLike {
  context: Record<string, any>;
}

/** An event of a handler of this module. */
export type SealwireEvent<E extends EventLike = EventLike> = E & { context: SealwireContext };

/** The outgoing call for a request. */
export interface SignedCall {
  method?: string;
  path?: string;
}

/** Puts signed headers into `event.context.authHeaders`, by default for the method and path of
 * this request.
 * Does nothing while `enableHmac` is false. */
export declare function hmacSignatureMiddleware(event: EventLike, call?: SignedCall): void;

/** A handler whose event has `context.authHeaders`. */
export declare function defineSignedEventHandler<E extends EventLike, R>(
  handler: (event: SealwireEvent<E>) => R,
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
  handler: (event: SealwireEvent<E>) => R,
): ((event: E) => Promise<Awaited<R>>) & { readonly verifier: Verifier };

export type { Identity };
