import type { HmacAuthOptions } from './express.js';
import type { Mode, RejectionCode, Scheme } from './native.js';

export type { Mode, RejectionCode, Scheme };

/**
 * A secret as text or bytes. A string secret of a client or the issuer is encoded as UTF-8. A string secret of a pair of
 * services is decoded from base64.
 */
export type Secret = string | Uint8Array;

/** One secret, which becomes version 1, or several versions. The primary version is used for signing. */
export type KeyVersions =
  | Secret
  | { primary: number; versions: Record<number, Secret> | readonly (readonly [number, Secret])[] };

/** The contents of a key ring. Secrets under 32 bytes are rejected unless `allowWeak` is set. */
export interface Keys {
  /** Secrets by client id. Value: a mapping of client ids to secrets. Default: `{}`. */
  clients?: Record<string, KeyVersions | undefined>;
  /** Secrets by service pair, such as `agent/practices`. The order of the two names does not matter. Value: a mapping of pairs to secrets. Default: `{}`. */
  pairs?: Record<string, KeyVersions | undefined>;
  /** The key that signs connection strings. Value: a secret, or a mapping with versions of the secret. */
  issuer?: KeyVersions;
  /** Accepts secrets of fewer than 32 bytes. Value: true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** The environment variables with the keys of pairs: `HMAC_SECRET_<A>_<B>`, `..._V<n>`, `HMAC_PRIMARY_<A>_<B>`. */
export interface KeysFromEnv {
  /** The name of this service. Secrets of its pairs are read from `env`. Value: a string. */
  service: string;
  /** The environment variables that contain the secrets of pairs. Value: a mapping of variables. */
  env: Record<string, string | undefined>;
  /** Accepts secrets of fewer than 32 bytes. Value: true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** Keys that `load` of `sealwire/secrets` has read from a file. The secrets stay in native memory, which is wiped when they are
 * no longer used. */
export interface LoadedKeys {
  /** This property exists only for the type checker. It is not present at run time. */
  readonly [loadedKeys]: never;
}
declare const loadedKeys: unique symbol;

/** The usage of a key version. You can remove an old version when its `lastAcceptedS` no longer changes. */
export interface KeyStatus {
  /** The name of the entry: a client id, a pair such as `agent/practices`, or `issuer`. */
  name: string;
  version: number;
  primary: boolean;
  /** The number of requests accepted with this version. */
  accepted: number;
  /** The Unix time of the last accepted request, in seconds. It is absent before the first accepted request. */
  lastAcceptedS?: number;
}

/**
 * Keys by name. If a key is invalid, the constructor throws an error whose `code` is SEALWIRE_KEYS. The error message contains
 * the entry name, but never a secret.
 */
export declare class KeyRing {
  constructor(keys: Keys | KeysFromEnv | LoadedKeys);
  static fromEnv(
    service: string,
    options?: { env?: Record<string, string | undefined>; allowWeak?: boolean },
  ): KeyRing;
  /**
   * Replaces all keys atomically. It is safe to call while the service runs. Versions that are in both the old and the new ring
   * keep their counters.
   */
  replace(keys: Keys | KeysFromEnv | LoadedKeys): void;
  status(): KeyStatus[];
}

/** The size of a replay table: a number of slots, or the expected load. */
export interface TableSize {
  /** The number of slots. A slot has 8 bytes. */
  slots?: number;
  /** The expected number of requests per second. The default is 200. Processes that open the same file must use the same value. */
  requestsPerSecond?: number;
  /** The length of the time window in seconds, which is the sum of its past and future parts. The default is 600. */
  windowSeconds?: number;
  /**
   * Accepts requests that were signed before the table was created. The table cannot detect whether such a request was already
   * accepted before a restart.
   */
  acceptOlder?: boolean;
}

/** A replay table. Nonces are stored until they expire. If the table is full, requests are rejected. */
export declare class ReplayTable {
  private constructor();
  /**
   * Creates a table in this process. Worker threads with the same `sharedAs` share one table, which exists until the process
   * exits.
   */
  static heap(options?: TableSize & { sharedAs?: string }): ReplayTable;
  /** Opens or creates a table in a file that all processes on this machine share. The file survives restarts. */
  static mapped(path: string, options?: TableSize): ReplayTable;
  /** Returns the default file path for a service. */
  static path(service: string): string;
  /** Creates a table in this process for a shared store, such as `redisStore`, which uses it in addition to its server. */
  static near(options?: TableSize): ReplayTable;
  /** Claims a key for a shared store. Returns true if the key is new, false if it was claimed before, and undefined if the table
   * cannot decide. `expiresAtMs` is a Unix time in milliseconds. */
  claim(key: string, expiresAtMs: number): boolean | undefined;
  /** Returns whether a key is already claimed. Does not claim it. */
  seen(key: string): boolean;
  /**
   * Removes all nonces, for tests. Earlier requests are then accepted again. Throws an error for a mapped table, because other
   * processes need its nonces.
   */
  clear(): void;
  /** Returns the estimated number of stored nonces that have not expired, and the number of slots. If more than about 75 % of the
   * slots are used, some claims are rejected. */
  fill(): { live: number; slots: number };
}

/** A replay store that several hosts share, such as `redisStore`. */
export interface SharedStore {
  /** Stores `key` until `expiresAtMs`. Resolves to true if the key was not stored before. If the promise rejects, the request is
   * rejected. */
  claim(key: string, expiresAtMs: number): Promise<boolean>;
  /** Receives each error from `claim`. */
  onError?: (error: unknown) => void;
}

/** Rules for one sender, which override the service's rules. */
export interface SenderRules {
  /** The mode for this sender. Value: one of "off", "observe", "enforce". Default: the service's. */
  mode?: Mode;
  /** The methods that this sender may use. Value: a list of HTTP methods. Default: all. */
  methods?: string[];
  /** The paths that this sender may call. Each entry includes all paths below it. Value: a list of paths that start with /. Default: all. */
  pathPrefixes?: string[];
}

/** The modes, which determine the effect of a rejection. The mode of a single sender overrides the mode of the service. */
export interface ModesSpec {
  /** The mode of the service. Value: one of "off", "observe", "enforce". Default: `"enforce"`. */
  mode?: Mode;
  /** The mode of each sender. Value: a mapping of names to one of "off", "observe", "enforce". Default: `{}`. */
  senders?: Record<string, Mode>;
  /** Uses the mode `observe` wherever the mode `enforce` is configured. Value: true or false. Default: `false`. */
  observeOnly?: boolean;
}

/** Modes that can be changed while the service runs. A change applies to all verifiers and middleware that use this object. */
export declare class Modes {
  /** Each change is logged with `logger.warn(fields, message)`. The default logger is `console`. */
  constructor(modes?: ModesSpec, options?: { logger?: { warn(fields: object, message: string): void } });
  readonly mode: Mode;
  readonly senders: Record<string, Mode>;
  /** The number of times the modes were changed. */
  readonly changes: number;
  /**
   * Replaces all modes atomically, for every verifier that uses this object. If `HMAC_AUTH_ENABLED` is false, `enforce` still
   * acts as `observe`. Throws an error if the new modes are invalid; the current modes then stay active.
   */
  replace(modes: ModesSpec): void;
}

/** The rules that a service uses to accept requests. Durations are in milliseconds. */
export interface Policy {
  /** The name of this service. It may be empty if `client` is the only accepted scheme. Value: a string. Default: `""`. */
  service?: string;
  /** The accepted schemes, in order of preference. Value: a list of "message", "pairwise", "client". Default: `["message"]`. */
  schemes?: Scheme[];
  /** The effect of a rejection. With `observe`, the request is accepted, and the rejection is counted and logged. With `off`, requests are not verified. Value: one of "off", "observe", "enforce". Default: `"enforce"`. */
  mode?: Mode;
  /** Modes that can be changed at run time. Use it instead of `mode`. Value: a Modes object. */
  modes?: Modes;
  /** Changes every `enforce` to `observe`. Value: true or false. Default: `false`. */
  observeOnly?: boolean;
  /** The clock, which tests can replace. It cannot be used with a mapped or shared replay store. Value: a function that returns the Unix time in milliseconds. Default: the system clock. */
  clock?: () => number;
  /** The maximum age of a timestamp. Value: a whole number of milliseconds from 0 to 4147199000. Default: `300000`. */
  pastMs?: number;
  /** The maximum time by which a timestamp may be in the future. For the scheme `client`, the default is the maximum age. Value: a whole number of milliseconds from 0 to 4147199000. Default: `5000`. */
  futureMs?: number;
  /** The maximum size of a request body. Larger bodies are rejected with status 413. Value: a whole number of bytes from 0 to 1099511627776. Default: 1 MiB. */
  maxBodyBytes?: number;
  /** Reports the user id of `pairwise` requests, although it is not signed. Value: true or false. Default: `false`. */
  trustUnsignedUserId?: boolean;
  /** Accepts each `pairwise` signature only once. Value: true or false. Default: `false`. */
  claimPairwise?: boolean;
  /** Accepts `message` signatures that do not cover the authority. Set it if a proxy rewrites the authority. Value: true or false. Default: `false`. */
  ignoreAuthority?: boolean;
  /** Header fields that a `message` signature must cover if the request contains them. Value: a list of header field names. Default: `[]`. */
  requireFields?: string[];
  /** Rejects senders without an entry in `senders`. Value: true or false. Default: `false`. */
  listedSendersOnly?: boolean;
  /** The maximum share of the replay table that one sender may use. It applies if two or more senders have keys. Value: a number above 0 and at most 1. Default: `0.5`. */
  maxSenderShare?: number;
  /** The rules of each sender. Value: a mapping of names to settings. Default: `{}`. */
  senders?: Record<string, SenderRules>;
  /** The paths that require no signature. Value: a list of paths that start with /, each exact or ending in *. Default: `[]`. */
  exemptPaths?: string[];
  /** The authorities of this service, such as `api.test` or `https://api.test`. Required if client keys are used with `message`. Value: a list of strings, or "any". */
  authorities?: readonly string[] | 'any';
  /** The path where the application is mounted. Value: a path that starts with /, or an empty string. Default: `""`. */
  rootPath?: string;
}

export interface VerifierOptions extends Policy {
  /** The keys of the senders. Value: a KeyRing. Required. */
  keys: KeyRing;
  /** The replay store. All workers on a host share the default file. Value: "heap" ("isolate" in sealwire/edge), a ReplayTable, or a store with a claim method. Default: a mapped file. */
  replay?: 'heap' | 'isolate' | ReplayTable | SharedStore;
}

export type HeaderList =
  | readonly string[]
  | readonly (readonly [string, string])[]
  | Record<string, string | readonly string[] | undefined>
  | { entries(): IterableIterator<[string, string]> };

/** A request to sign or verify, with its raw head and body. */
export interface RequestParts {
  method: string;
  /** The raw request target, such as `/path?query`, or an absolute URL. */
  url: string | URL;
  headers?: HeaderList;
  body?: string | Uint8Array | ArrayBuffer | null;
  /** The value of the `Host` header, if `headers` does not contain it. */
  authority?: string;
  scheme?: 'http' | 'https';
  /** The current Unix time in milliseconds, for tests. */
  now?: number;
}

/** The verified sender of a request. */
export declare class Identity {
  private constructor();
  /** The canonical name of the sender: a service name or a client id, without the suffix `_service`. */
  readonly sender: string;
  /** The name of the sender as it appears in the request. The MAC covers this form of the name. */
  readonly nameAsSent: string;
  readonly scheme: Scheme;
  readonly keyVersion: number;
  /** The user id. The `message` scheme signs it. The `pairwise` scheme does not, and reports it only with `trustUnsignedUserId`. */
  readonly userId: string | undefined;
  readonly nonce: string | undefined;
  /** The age of the timestamp in milliseconds. It is negative if the sender's clock was ahead. */
  readonly ageMs: number;
  toJSON(): Record<string, unknown>;
}

/** The reason why a request was rejected, with details. It contains no signature, secret or body. */
export interface Rejection {
  readonly code: RejectionCode;
  /** The HTTP status of the response. */
  readonly status: number;
  /** The message in the response. */
  readonly publicText: string;
  /** The mode of the sender. The request is rejected only if the mode is `enforce`. */
  readonly mode: Mode;
  readonly scheme: Scheme;
  /** Whether the MAC was valid. */
  readonly macWasValid: boolean;
  /** The name of the sender according to the request. It is not authenticated. */
  readonly sender: string;
  readonly keyVersion: number | undefined;
  readonly ageMs: number | undefined;
  /** The name of the header that caused the rejection. */
  readonly field: string | undefined;
  /** The reason and its details, for logs. */
  readonly message: string;
}

/** The error for a rejected request or response. */
export declare class RejectedError extends Error implements Rejection {
  private constructor();
  readonly code: RejectionCode;
  readonly status: number;
  readonly publicText: string;
  readonly mode: Mode;
  readonly scheme: Scheme;
  readonly macWasValid: boolean;
  readonly sender: string;
  readonly keyVersion: number | undefined;
  readonly ageMs: number | undefined;
  readonly field: string | undefined;
}

export interface Counter {
  outcome: 'accepted' | 'rejected' | 'observed';
  /** The scheme of an accepted request, or the reason for a rejection. */
  name: Scheme | RejectionCode;
  count: number;
}

/** Verifies requests with a policy, keys and a replay store. Create it once and use it for all requests. */
export declare class Verifier {
  constructor(options: VerifierOptions);
  readonly keys: KeyRing;
  readonly replay: ReplayTable | SharedStore;
  /** The modes passed to the constructor, or those that the verifier created from its settings. */
  readonly modes: Modes;
  /** Verifies a request. Throws a `RejectedError` if the request is rejected. */
  verify(request: RequestParts): Identity;
  /** Like `verify`, but also supports shared stores. */
  verifyAsync(request: RequestParts): Promise<Identity>;
  /** Returns the signature headers for a response to a request. */
  signResponse(
    request: RequestParts,
    caller: Pick<Identity, 'sender' | 'scheme'>,
    response: { status: number; body?: RequestParts['body']; now?: number },
  ): Record<string, string>;
  stats(): Counter[];
}

export interface SignerOptions {
  /** This service's name, or its client id. Value: a string. Required. */
  name: string;
  /** The keys. The primary key of each entry signs requests. Value: a KeyRing. Required. */
  keys: KeyRing;
  /** The schemes used to sign requests. Each request gets a signature in every scheme of the list. Value: a list of "message", "pairwise", "client". Default: `["message"]`. */
  schemes?: Scheme[];
  /** The service to call. Required for pair keys. Value: a string. */
  receiver?: string;
  /** Additional header fields to sign if the request contains them. Value: a list of header field names. Default: `[]`. */
  coverFields?: string[];
  /** Does not sign the authority. Set it if a proxy rewrites the authority. Value: true or false. Default: `false`. */
  ignoreAuthority?: boolean;
  /** The clock, which tests can replace. Value: a function that returns the Unix time in milliseconds. Default: the system clock. */
  clock?: () => number;
}

export interface SigningParts extends RequestParts {
  receiver?: string;
  userId?: string;
  /** The nonce. By default, each request has a new nonce. */
  nonce?: string;
}

/** Signs requests with a name, keys and schemes. Create it once and use it for all requests. */
export declare class Signer {
  constructor(options: SignerOptions);
  readonly name: string;
  readonly keys: KeyRing;
  readonly receiver: string;
  /** Whether the signature covers the body. */
  readonly coversBody: boolean;
  /** Returns the headers to add to the request. */
  sign(request: SigningParts): Record<string, string>;
  /**
   * Verifies the response to a request that this signer signed. Throws a `RejectedError` if the response is not valid. Pass the
   * headers that were sent with the request, and the response body before decompression.
   */
  verifyResponse(
    request: Omit<RequestParts, 'body'> & { receiver?: string },
    response: { status: number; headers: HeaderList; body?: RequestParts['body'] },
  ): VerifiedResponse;
}

/** The contents of a verified response. */
export interface VerifiedResponse {
  /** The time when the server signed the response, in whole seconds. */
  serverTime: Date;
  keyVersion: number;
}

export interface Role {
  name: string;
  /** Whether the role grants write access. */
  write?: boolean;
}

export interface ConnectionStringParts {
  /** The account, a UUID. Value: a string. Required. */
  account: string;
  /** The expiry. Value: a date. Required. */
  expires: Date | string | number;
  /** The time zone of the expiry, in minutes east of UTC. Value: a whole number of minutes from -1439 to 1439. Default: `0`. */
  offsetMinutes?: number;
  /** The roles. Each is an object `{ name, write }`. Value: a list of roles. Default: `[]`. */
  roles?: Role[];
  /** The tenant, a UUID. Value: a string. */
  tenant?: string;
  /** The subscription, a UUID. Value: a string. */
  subscription?: string;
}

/** The error for a rejected connection string. */
export interface ConnectionStringRejection extends RejectedError {
  /** The gateway's code for the reason, if the gateway defines one. */
  readonly nativeCode: string | undefined;
  /** The JSON body of the response. */
  readonly responseBody: string;
  readonly logFields: Record<string, unknown>;
}

/** A verified connection string. */
export declare class ConnectionString {
  private constructor();
  static readonly HEADER: string;
  /** Issues a token with the primary issuer key. */
  static issue(keys: KeyRing, parts: ConnectionStringParts): string;
  /** Verifies a token. Throws a `ConnectionStringRejection` if the token is rejected. */
  static verify(
    keys: KeyRing,
    token: string,
    options?: { ignoreExpiry?: boolean; now?: number },
  ): ConnectionString;
  readonly account: string;
  /** The expiry as written in the token. */
  readonly expires: string;
  readonly expiresAt: Date;
  readonly roles: Required<Role>[];
  readonly tenant: string | undefined;
  readonly subscription: string | undefined;
  readonly keyVersion: number;
  /** Returns the token's contents, but not the token itself. */
  toJSON(): Record<string, unknown>;
}

/** Returns the `client` scheme's headers for one request. Emits one warning if the secret is too short. */
export declare function signRequest(
  method: string,
  url: string,
  secret: string,
  clientId: string,
): Record<string, string>;

/** Returns the `client` scheme's headers for one request from the client in `configuration`. */
export declare function signature(method: string, path: string): Record<string, string>;

export interface GatewayConfiguration {
  server?: {
    auth_location?: { serverOrDNS: string | undefined; port?: number };
    hmac?: {
      enableHmac: boolean;
      clientId: string | undefined;
      sharedSecret: string | undefined;
      /**
       * Set this to true if the secret does not come from an environment variable but is the same after every start. This
       * disables the warning about generated secrets.
       */
      stable?: boolean;
    };
    ssl?: { enableSSL: boolean };
    [setting: string]: unknown;
  };
  /** Settings of this service. `Hmac` contains the settings of `app.use(hmacAuth)`. */
  service?: { Hmac?: HmacAuthOptions; [setting: string]: unknown };
  [setting: string]: unknown;
}

/** Sets a gateway's configuration and returns it. Without an argument, returns the current configuration. */
export declare function configuration(): GatewayConfiguration | undefined;
export declare function configuration<T extends GatewayConfiguration>(options: T): T;

/**
 * Discards the random bytes that all threads have buffered for nonces. If the memory of the process is copied without a fork,
 * such as by a snapshot, call this function in each copy. Otherwise, the copies create the same nonces.
 */
export declare function discardNonces(): void;
