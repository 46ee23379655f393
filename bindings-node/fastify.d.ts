import type { ServerOptions } from './express.js';
import type { Identity, Rejection, Verifier } from './index.js';

/** An `onRequest` hook. It sets `request.sealwire` and, in observe mode, `request.sealwireRejection`. */
export interface HmacAuthHook {
  (request: any, reply: any): Promise<unknown>;
  readonly verifier: Verifier;
}

/** Creates the hook: `fastify.addHook('onRequest', hmacAuthHook(options))`. */
export declare function hmacAuthHook(options: ServerOptions): HmacAuthHook;

export type { Identity, Rejection };
