import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Metrics } from './metrics.js';
import type {
  Identity,
  KeyRing,
  Keys,
  KeyVersions,
  Policy,
  Rejection,
  Scheme,
  Verifier,
  VerifierOptions,
} from './index.js';

declare global {
  namespace Express {
    interface Request {
      /** The sender of the request. Absent if the request needed no signature, and in observe
       * mode if it did not verify. */
      sealwire?: Identity;
      /** The reason why enforcement would reject the request, in observe mode. */
      sealwireRejection?: Rejection;
      /** The bytes of the body as received, if the scheme signs them. */
      rawBody?: Buffer;
    }
  }
}

/** A logger such as pino, winston or console. */
export interface Logger {
  /** Receives `{ Authorized: true, ClientID, Reason: 'Match', ... }`. */
  info(fields: object): void;
  /** Receives `{ Authorized: false, reason, clientId, code, method, path, peer, ... }`, each text
   * at most 256 characters long. */
  warn(fields: object): void;
}

/** The application's response to a rejected request. The status is that of the rejection. */
export interface RejectionBody {
  /** An object is sent as JSON. */
  body?: string | Uint8Array | object;
  /** Default `application/json` for an object, else `text/plain`. */
  contentType?: string;
  headers?: Record<string, string>;
}

/** The settings of all server adapters besides the verifier's policy. `Req` is the request that
 * hooks receive. */
export interface AdapterOptions<Req = IncomingMessage> {
  logger?: Logger;
  metrics?: Metrics;
  /** Whether `GET /health` from this machine needs no signature; default true. */
  localHealthCheck?: boolean;
  /** The scheme that clients use, if a TLS terminator is in front of this server. Default: the
   * scheme of the connection. */
  scheme?: 'http' | 'https';
  /** The time in which a signed body must arrive, in milliseconds; default 60000. Later ones are
   * rejected with 408. */
  bodyTimeoutMs?: number;
  /** Sign responses, so that clients can verify the sender. Each response is buffered until it is
   * complete. Default false. */
  signResponses?: boolean;
  /** The largest response that is signed, in bytes; default 1 MiB. Event streams are never
   * buffered. */
  maxSignedResponseBytes?: number;
  /** A larger response is sent unsigned (`'pass'`, the default), or replaced by a 500
   * (`'reject'`). */
  oversizeResponses?: 'pass' | 'reject';
  /** Paths whose responses are not signed. One that ends in `*` is a prefix. */
  unsignedResponsePaths?: string[];
  /** Accepts a request without verification if it returns, or resolves to, `true`. */
  skip?(request: Req): boolean | Promise<boolean>;
  /** Replaces the body of the response to a rejected request. `undefined` keeps the usual one. */
  onReject?(
    request: Req,
    rejection: Rejection,
  ): RejectionBody | undefined | Promise<RejectionBody | undefined>;
}

/** The settings of a verifier that an adapter creates. */
export interface VerifierSettings extends Policy {
  /** The accepted difference of timestamps from this server's clock, both ways, in milliseconds;
   * default 300000. */
  maxClockSkew?: number;
  replay?: VerifierOptions['replay'];
  /** Accept secrets under 32 bytes. */
  allowWeak?: boolean;
}

/** Look-up of keys by the application. */
export interface KeyLookup {
  /** Resolves to the keys of a sender that is not configured, or to `undefined` for an unknown one. */
  lookUpKeys(
    sender: string,
    request: { scheme: Scheme },
  ): Promise<Pick<Keys, 'clients' | 'pairs'> | undefined>;
  /** After this time keys are looked up again, in milliseconds; default 60000. */
  lookUpTtlMs?: number;
  clients?: Record<string, KeyVersions>;
}

/** The settings of `One` without those of the other ways to give keys. */
type Only<One, Others extends string> = One & { [name in Exclude<Others, keyof One>]?: never };
type KeySetting = 'clientId' | 'sharedSecret' | 'clients' | 'keys' | 'verifier';

/** One client, several, a key ring, a look-up, or a verifier; not two of them. Schemes are `['client']` unless others are named. */
export type ServerOptions<Req = IncomingMessage> = AdapterOptions<Req> &
  (
    | (VerifierSettings & Only<{ clientId: string; sharedSecret: string }, KeySetting>)
    | (VerifierSettings & Only<{ clients: Record<string, KeyVersions> }, KeySetting>)
    | (VerifierSettings & Only<{ keys: KeyRing }, KeySetting>)
    | (VerifierSettings & Only<KeyLookup, KeySetting>)
    | Only<{ verifier: Verifier }, KeySetting>
  );

export type HmacAuthOptions = ServerOptions;

export interface HmacAuth {
  (
    req: IncomingMessage | Http2ServerRequest,
    res: ServerResponse | Http2ServerResponse,
    next: (error?: unknown) => void,
  ): void;
  readonly verifier: Verifier;
  /** Verifies a request without a `next`, for `node:http`, `node:http2` and Koa. Resolves to true
   * if the request is accepted, and to false if the response was sent. `url` is the signed target
   * if it differs from `req.originalUrl ?? req.url`. */
  admit(
    req: IncomingMessage | Http2ServerRequest,
    res: ServerResponse | Http2ServerResponse,
    url?: string,
  ): Promise<boolean>;
  /** Verifies the request of a server's `upgrade` event, such as a WebSocket handshake. Resolves
   * to true if it is accepted, with its Identity in `req.sealwire`, and to false if the request
   * was rejected and the socket closed. */
  verifyUpgrade(req: IncomingMessage, socket: Duplex): Promise<boolean>;
}

/** Creates the middleware. Mount it before body parsers. */
export declare function hmacAuth(options: HmacAuthOptions): HmacAuth;
/** The middleware itself, `app.use(hmacAuth)`, with the settings of `configuration({ service: { Hmac } })`. */
export declare function hmacAuth(
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
  next: (error?: unknown) => void,
): void;

/** Mounts `hmacAuth` if the configuration has a `service.Hmac` block. Returns whether it did. */
export declare function mountHmacAuth(
  app: { use(handler: HmacAuth): unknown },
  config: { service?: { Hmac?: HmacAuthOptions } } | undefined,
  options?: Partial<VerifierSettings & AdapterOptions>,
): boolean;
