import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from './metrics.js';
import type { Identity, KeyRing, KeyVersions, Policy, Verifier, VerifierOptions } from './index.js';

declare global {
  namespace Express {
    interface Request {
      /** Who sent the request; absent where none was needed. */
      sealwire?: Identity;
      /** The body's bytes as received, where a scheme signs them. */
      rawBody?: Buffer;
    }
  }
}

/** A logger as pino, winston and console are. */
export interface Logger {
  /** `{ Authorized: true, ClientID, Reason: 'Match', ... }` */
  info(fields: object): void;
  /** `{ Authorized: false, reason, clientId, code, ... }` */
  warn(fields: object): void;
}

interface Common extends Policy {
  /** How far timestamps may lie from now, both ways, in milliseconds; default 300000. */
  maxClockSkew?: number;
  replay?: VerifierOptions['replay'];
  logger?: Logger;
  metrics?: Metrics;
  /** Whether `GET /health` from this machine needs no signature; default true. */
  localHealthCheck?: boolean;
  /** Sign answers, so that callers know who answered. Holds each answer back until it is whole. */
  signResponses?: boolean;
  /** Accept secrets under 32 bytes. */
  allowWeak?: boolean;
}

/** One client, several, or a key ring of your own. Schemes are `['client']` unless others are named. */
export type HmacAuthOptions =
  | (Common & { clientId: string; sharedSecret: string })
  | (Common & { clients: Record<string, KeyVersions> })
  | (Common & { keys: KeyRing })
  | { verifier: Verifier; logger?: Logger; metrics?: Metrics; localHealthCheck?: boolean };

export interface HmacAuth {
  (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
  readonly verifier: Verifier;
}

/** The middleware. Mount it before whatever reads bodies. */
export declare function hmacAuth(options: HmacAuthOptions): HmacAuth;

/** Mounts `hmacAuth` where the configuration has a `service.Hmac` block, and says whether it did. */
export declare function mountHmacAuth(
  app: { use(handler: HmacAuth): unknown },
  config: { service?: { Hmac?: HmacAuthOptions } } | undefined,
  options?: Partial<Common>,
): boolean;
