import type { HmacAuthOptions } from './express.js';
import type { Identity, Rejection, Verifier } from './index.js';

/** The properties that Sealwire adds to an event's context. */
export interface SealwireContext {
  /**
   * The sender of the request. It is absent if the request needed no signature. In observe mode, it is also absent if
   * verification failed.
   */
  sealwire?: Identity;
  /** In observe mode, the reason why the request would be rejected in `enforce` mode. */
  sealwireRejection?: Rejection;
  /** The signature headers of the outgoing call. */
  authHeaders?: Record<string, string>;
}

// Adds the types to the `event.context` type of h3 1 and 2. The compiler error is ignored, because an application without h3
// does not have this module.
// @ts-ignore
declare module 'h3' {
  interface H3EventContext extends SealwireContext {}
}

/** The properties that h3 1 events and h3 2 events have in common. */
export interface EventLike {
  context: Record<string, any>;
}

/** The event that this module's handlers receive. */
export type SealwireEvent<E extends EventLike = EventLike> = E & { context: SealwireContext };

/** The outgoing call to sign. The defaults are the method and the path of the incoming request. */
export interface SignedCall {
  method?: string;
  path?: string;
}

/**
 * Signs an outgoing call and stores the headers in `event.context.authHeaders`. By default, the call has the method and path of
 * the incoming request. Does nothing while `enableHmac` is false.
 */
export declare function hmacSignatureMiddleware(event: EventLike, call?: SignedCall): void;

/** Returns a handler that receives an event with `context.authHeaders`. */
export declare function defineSignedEventHandler<E extends EventLike, R>(
  handler: (event: SealwireEvent<E>) => R,
  call?: SignedCall | ((event: E) => SignedCall),
): (event: E) => R;

/** Returns middleware that rejects unverified requests and sets `event.context.sealwire`. In observe mode, it sets
 * `event.context.sealwireRejection` for a request that would be rejected. The middleware throws an error if a verified request
 * reaches a cached Nitro handler. */
export declare function hmacAuthMiddleware(
  options: HmacAuthOptions,
): ((event: EventLike, next?: () => unknown) => Promise<unknown>) & { readonly verifier: Verifier };

/** Returns a handler that runs only for verified requests. `event.context.sealwire` is the `Identity` of the sender. */
export declare function defineVerifiedEventHandler<E extends EventLike, R>(
  options: HmacAuthOptions,
  handler: (event: SealwireEvent<E>) => R,
): ((event: E) => Promise<Awaited<R>>) & { readonly verifier: Verifier };

export type { Identity };
