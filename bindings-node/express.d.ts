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
  Secret,
  Verifier,
  VerifierOptions,
} from './index.js';

declare module 'http' {
  interface IncomingMessage {
    /**
     * The sender of the request. It is absent if the request needed no signature. In observe mode, it is also absent if
     * verification failed.
     */
    sealwire?: Identity;
    /** In observe mode, the reason why the request would be rejected in `enforce` mode. */
    sealwireRejection?: Rejection;
  }
}

declare module 'http2' {
  interface Http2ServerRequest {
    /**
     * The sender of the request. It is absent if the request needed no signature. In observe mode, it is also absent if
     * verification failed.
     */
    sealwire?: Identity;
    /** In observe mode, the reason why the request would be rejected in `enforce` mode. */
    sealwireRejection?: Rejection;
  }
}

declare global {
  namespace Express {
    interface Request {
      /**
       * The sender of the request. It is absent if the request needed no signature. In observe mode, it is also absent if
       * verification failed.
       */
      sealwire?: Identity;
      /** In observe mode, the reason why the request would be rejected in `enforce` mode. */
      sealwireRejection?: Rejection;
      /** The bytes of the body as received, if the scheme signs them. */
      rawBody?: Buffer;
    }
  }
}

/** A logger such as pino, winston or console. */
export interface Logger {
  /** Logs an accepted request: `{ Authorized: true, ClientID, Reason: 'Match', ... }`. */
  info(fields: object): void;
  /**
   * Logs a rejected request: `{ Authorized: false, reason, clientId, code, method, path, peer, ... }`. Each field is at most
   * 256 characters long.
   */
  warn(fields: object): void;
}

/** The application's response to a rejected request. The application cannot change the status. */
export interface RejectionBody {
  /** The body. An object is sent as JSON. */
  body?: string | Uint8Array | object;
  /** The content type. The default is `application/json` for an object, otherwise `text/plain`. */
  contentType?: string;
  headers?: Record<string, string>;
}

/**
 * The settings that server adapters have in addition to the verifier settings. `Req` is the type of the request that hooks
 * receive.
 */
export interface AdapterOptions<Req = IncomingMessage> {
  /** Receives one log record for each decision. Value: a logger with the methods info and warn. */
  logger?: Logger;
  /** Counts decisions for Prometheus. Value: a Metrics object. */
  metrics?: Metrics;
  /** Exempts `GET /health` if the peer address of the socket is a loopback address. Value: true or false. Default: `true`. */
  localHealthCheck?: boolean;
  /** The URL scheme that callers use. Set it if a proxy terminates TLS. Value: one of "http", "https". Default: from the connection. */
  scheme?: 'http' | 'https';
  /** The maximum time for receiving a request body. After this time, the response has status 408. Value: a number of milliseconds above 0. Default: `60000`. */
  bodyTimeoutMs?: number;
  /** Signs responses, so that callers can verify them. Each response is buffered until it is complete. Value: true or false. Default: `false`. */
  signResponses?: boolean;
  /** The maximum size of a response that is buffered and signed. Event streams are never signed. Value: a whole number of bytes from 0 to 1099511627776. Default: 1 MiB. */
  maxSignedResponseBytes?: number;
  /** The action for a larger response: `pass` sends it without a signature, and `reject` sends status 500 instead. Value: one of "pass", "reject". Default: `"pass"`. */
  oversizeResponses?: 'pass' | 'reject';
  /** The paths whose responses are not signed. Value: a list of paths that start with /, each exact or ending in *. Default: `[]`. */
  unsignedResponsePaths?: string[];
  /** Requests for which this function returns true are not verified. Value: a function (request) that returns a boolean. */
  skip?(request: Req): boolean | Promise<boolean>;
  /** Returns the response body for a rejected request. It cannot change the status. Value: a function (request, rejection). */
  onReject?(
    request: Req,
    rejection: Rejection,
  ): RejectionBody | undefined | Promise<RejectionBody | undefined>;
}

/** Settings for the verifier that an adapter creates. */
export interface VerifierSettings extends Policy {
  /** The accepted schemes, in order of preference. Value: a list of "message", "pairwise", "client". Default: `["client"]`. */
  schemes?: Scheme[];
  /** The maximum difference between a timestamp and the current time, in either direction. Value: a whole number of milliseconds from 0 to 4147199000. Default: `300000`. */
  maxClockSkew?: number;
  /** The replay store. All workers on a host share the default file. Value: "heap" ("isolate" in sealwire/edge), a ReplayTable, or a store with a claim method. Default: a mapped file. */
  replay?: VerifierOptions['replay'];
  /** Accepts secrets of fewer than 32 bytes. Value: true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** Settings for keys that the application looks up. */
export interface KeyLookup {
  /** Looks up the keys of a sender that is not in `clients`. Value: an async function (sender). */
  lookUpKeys(
    sender: string,
    request: { scheme: Scheme },
  ): Promise<Pick<Keys, 'clients' | 'pairs'> | undefined>;
  /** The time for which looked-up keys are cached. Value: a number of milliseconds above 0. Default: `60000`. */
  lookUpTtlMs?: number;
  /** Secrets by client id. A value is a secret, or an object `{ primary, versions }`. Value: a mapping of client ids to secrets. */
  clients?: Record<string, KeyVersions | undefined>;
}

/** The settings for a single client. */
export interface OneClient {
  /** The only accepted client id. Value: a string. */
  clientId: string;
  /** The secret of `clientId`. Value: a string or bytes. */
  sharedSecret: Secret | undefined;
}

/** The settings for several clients. */
export interface SeveralClients {
  /** Secrets by client id. A value is a secret, or an object `{ primary, versions }`. Value: a mapping of client ids to secrets. */
  clients: Record<string, KeyVersions | undefined>;
}

/** The setting for keys in a key ring. */
export interface KeysOfSenders {
  /** The keys of the senders, instead of `clientId` or `clients`. Value: a KeyRing. */
  keys: KeyRing;
}

/** The setting for an existing verifier, which already has a policy, keys and a replay store. */
export interface FinishedVerifier {
  /** An existing verifier. Use it instead of the settings for keys and policy. Value: a Verifier. */
  verifier: Verifier;
}

/** The settings in `One`, without the settings in `Others`, which specify keys in another way. */
type Only<One, Others extends string> = One & { [name in Exclude<Others, keyof One>]?: never };
type KeySetting = 'clientId' | 'sharedSecret' | 'clients' | 'keys' | 'verifier';

/** The settings of a server adapter. Specify the keys in exactly one way: one client, several clients, a key ring, a lookup, or a
 * verifier. The default of `schemes` is `['client']`. */
export type ServerOptions<Req = IncomingMessage> = AdapterOptions<Req> &
  (
    | (VerifierSettings & Only<OneClient, KeySetting>)
    | (VerifierSettings & Only<SeveralClients, KeySetting>)
    | (VerifierSettings & Only<KeysOfSenders, KeySetting>)
    | (VerifierSettings & Only<KeyLookup, KeySetting>)
    | Only<FinishedVerifier, KeySetting>
  );

export type HmacAuthOptions = ServerOptions;

export interface HmacAuth {
  (
    req: IncomingMessage | Http2ServerRequest,
    res: ServerResponse | Http2ServerResponse,
    next: (error?: unknown) => void,
  ): void;
  readonly verifier: Verifier;
  /**
   * Verifies a request without a `next` function, for `node:http`, `node:http2` and Koa. If the request is accepted, resolves
   * to true. If the request is rejected, sends the response and resolves to false. `url` is the signed target, if it differs
   * from `req.originalUrl ?? req.url`. In Koa, pass `ctx.originalUrl`, because `koa-mount` changes `req.url`.
   */
  admit(
    req: IncomingMessage | Http2ServerRequest,
    res: ServerResponse | Http2ServerResponse,
    url?: string,
  ): Promise<boolean>;
  /** Verifies the request in a server's `upgrade` event, such as a WebSocket handshake. If the request is accepted, sets
   * `req.sealwire` to its Identity and resolves to true. If the request is rejected, closes the socket and resolves to false. */
  verifyUpgrade(req: IncomingMessage, socket: Duplex): Promise<boolean>;
}

/** Creates the middleware. Mount it before body parsers. */
export declare function hmacAuth(options: HmacAuthOptions): HmacAuth;
/**
 * Verifies a request with the settings in `configuration({ service: { Hmac } })`. This applies if the function is mounted
 * directly: `app.use(hmacAuth)`.
 */
export declare function hmacAuth(
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
  next: (error?: unknown) => void,
): void;

/** Mounts `hmacAuth` if the configuration has a `service.Hmac` block. Returns whether it was mounted. */
export declare function mountHmacAuth(
  app: { use(handler: HmacAuth): unknown },
  config: { service?: { Hmac?: HmacAuthOptions } } | undefined,
  options?: Partial<VerifierSettings & AdapterOptions>,
): boolean;
