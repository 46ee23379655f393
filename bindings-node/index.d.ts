import type { HmacAuthOptions } from './express.js';
import type { Mode, RejectionCode, Scheme } from './native.js';

export type { Mode, RejectionCode, Scheme };

/** A secret as text or bytes. Text is UTF-8 for client ids and the issuer, and base64 for pairs
 * of services. */
export type Secret = string | Uint8Array;

/** One secret (version 1), or several versions with a primary, which signs. */
export type KeyVersions =
  | Secret
  | { primary: number; versions: Record<number, Secret> | readonly (readonly [number, Secret])[] };

/** The contents of a key ring. Secrets under 32 bytes are rejected unless `allowWeak` is set. */
export interface Keys {
  /** Secrets by client id. Give a mapping of client ids to secrets. Default: `{}`. */
  clients?: Record<string, KeyVersions | undefined>;
  /** Secrets by pair of services, `agent/practices`, in any order. Give a mapping of pairs to secrets. Default: `{}`. */
  pairs?: Record<string, KeyVersions | undefined>;
  /** The key that signs connection strings. Give a secret, or versions of one. */
  issuer?: KeyVersions;
  /** Accepts secrets of fewer than 32 bytes. Give true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** The environment variables with the keys of pairs: `HMAC_SECRET_<A>_<B>`, `..._V<n>`, `HMAC_PRIMARY_<A>_<B>`. */
export interface KeysFromEnv {
  /** The service whose pairs are read from `env`. Give a string. */
  service: string;
  /** Environment variables with pair secrets. Give a mapping of variables. */
  env: Record<string, string | undefined>;
  /** Accepts secrets of fewer than 32 bytes. Give true or false. Default: `false`. */
  allowWeak?: boolean;
}

/** The keys of a file, from `load` of `sealwire/secrets`. They stay in native memory, which is wiped. */
export interface LoadedKeys {
  /** Only distinguishes the type; there is no such property. */
  readonly [loadedKeys]: never;
}
declare const loadedKeys: unique symbol;

/** The usage of a key version. If `lastAcceptedS` of an old version stays constant, it can be
 * retired. */
export interface KeyStatus {
  /** A client id, `agent/practices`, or `issuer`. */
  name: string;
  version: number;
  primary: boolean;
  /** The number of requests accepted with this version. */
  accepted: number;
  /** Unix seconds; absent before the first accepted request. */
  lastAcceptedS?: number;
}

/** Keys by name. Throws an error with `code` SEALWIRE_KEYS that contains the entry, never the secret. */
export declare class KeyRing {
  constructor(keys: Keys | KeysFromEnv | LoadedKeys);
  static fromEnv(
    service: string,
    options?: { env?: Record<string, string | undefined>; allowWeak?: boolean },
  ): KeyRing;
  /** Replaces all keys atomically, while the service runs. Versions in both rings keep their counts.
   * */
  replace(keys: Keys | KeysFromEnv | LoadedKeys): void;
  status(): KeyStatus[];
}

/** The size of a replay table: slots (8 bytes each), or the expected load. */
export interface TableSize {
  slots?: number;
  /** Default 200. Processes that open the same file must use the same value. */
  requestsPerSecond?: number;
  /** The sum of both windows; default 600. */
  windowSeconds?: number;
  /** Accepts requests signed before the creation of the table. Such requests could have been accepted before a
   * restart. */
  acceptOlder?: boolean;
}

/** A replay table. Live nonces are never evicted: a full table rejects requests. */
export declare class ReplayTable {
  private constructor();
  /** Creates a table in this process. Worker threads with the same `sharedAs` share one table,
   * which is kept until the process ends. */
  static heap(options?: TableSize & { sharedAs?: string }): ReplayTable;
  /** Opens or creates a table in a file that all processes on this machine share, and that
   * survives restarts. */
  static mapped(path: string, options?: TableSize): ReplayTable;
  /** Returns the default path of the file of a service. */
  static path(service: string): string;
  /** Creates a local table for a shared store: `redisStore`, or your own. */
  static near(options?: TableSize): ReplayTable;
  /** Claims a shared store's key: true when it is new, false when it was claimed before,
   * undefined if the table cannot decide. `expiresAtMs` is in Unix milliseconds. */
  claim(key: string, expiresAtMs: number): boolean | undefined;
  /** Returns whether such a key is claimed, without claiming it. */
  seen(key: string): boolean;
  /** Removes all nonces, so that earlier requests are accepted again: for tests. Throws for a mapped table, because other
   * processes need its nonces. */
  clear(): void;
  /** The estimated number of live entries, and the number of slots. From about 75 % on, some
   * claims are rejected. */
  fill(): { live: number; slots: number };
}

/** A store that hosts share, such as `redisStore`. */
export interface SharedStore {
  /** Stores `key` until `expiresAtMs`. Returns true if it was not stored before. A failure
   * rejects the request. */
  claim(key: string, expiresAtMs: number): Promise<boolean>;
  onError?: (error: unknown) => void;
}

/** Rules for one sender, instead of those of the service. */
export interface SenderRules {
  /** The mode of this sender. Give one of "off", "observe", "enforce". Default: the service's. */
  mode?: Mode;
  /** The methods that this sender may use. Give a list of HTTP methods. Default: all. */
  methods?: string[];
  /** The paths that this sender may call, each with all paths below it. Give a list of paths that start with /. Default: all. */
  pathPrefixes?: string[];
}

/** The effect of a rejection: a mode for the service, and modes for single senders that replace
 * it. */
export interface ModesSpec {
  /** The mode of the service. Give one of "off", "observe", "enforce". Default: `"enforce"`. */
  mode?: Mode;
  /** Modes of single senders. Give a mapping of names to one of "off", "observe", "enforce". Default: `{}`. */
  senders?: Record<string, Mode>;
  /** Changes every `enforce` to `observe`. Give true or false. Default: `false`. */
  observeOnly?: boolean;
}

/** Modes that can be changed while the service runs. Verifiers and middlewares use the object by
 * reference. */
export declare class Modes {
  /** `logger`, by default `console`, receives changes: fields, then a message. */
  constructor(modes?: ModesSpec, options?: { logger?: { warn(fields: object, message: string): void } });
  readonly mode: Mode;
  readonly senders: Record<string, Mode>;
  /** The number of changes. */
  readonly changes: number;
  /** Replaces all modes atomically, for every verifier that uses this object. If
   * `HMAC_AUTH_ENABLED` is false, they remain limited to observing. Invalid modes throw, and the
   * current ones stay active. */
  replace(modes: ModesSpec): void;
}

/** The requirements of a service for requests. Durations are in milliseconds. */
export interface Policy {
  /** The name of this service; may be empty if only `client` is accepted. Give a string. Default: `""`. */
  service?: string;
  /** The accepted schemes in order of preference. Give a list of "message", "pairwise", "client". Default: `["message"]`. */
  schemes?: Scheme[];
  /** The effect of a rejection: `observe` accepts, counts and logs, `off` does not verify. Give one of "off", "observe", "enforce". Default: `"enforce"`. */
  mode?: Mode;
  /** Modes that can be replaced at run time, instead of `mode`. Give a Modes object. */
  modes?: Modes;
  /** Changes every `enforce` to `observe`. Give true or false. Default: `false`. */
  observeOnly?: boolean;
  /** Returns the time in Unix milliseconds: for tests. It cannot be used with a mapped or shared replay store. Give a function that returns Unix milliseconds. Default: the clock of the system. */
  clock?: () => number;
  /** The maximum age of a timestamp. Give a whole number of milliseconds from 0 to 4147199000. Default: `300000`. */
  pastMs?: number;
  /** The maximum time that a timestamp may be in the future; under `client` the default is the same as for the past. Give a whole number of milliseconds from 0 to 4147199000. Default: `5000`. */
  futureMs?: number;
  /** The maximum size of a body; larger bodies are rejected with 413. Give a whole number of bytes from 0 to 1099511627776. Default: 1 MiB. */
  maxBodyBytes?: number;
  /** Reports the user id of `pairwise`, which is not signed. Give true or false. Default: `false`. */
  trustUnsignedUserId?: boolean;
  /** Accepts each `pairwise` signature once. Give true or false. Default: `false`. */
  claimPairwise?: boolean;
  /** Accepts `message` signatures that do not cover the authority, behind proxies that rewrite it. Give true or false. Default: `false`. */
  ignoreAuthority?: boolean;
  /** Header fields that a `message` signature must cover if the request has them. Give a list of header field names. Default: `[]`. */
  requireFields?: string[];
  /** Rejects senders without an entry in `senders`. Give true or false. Default: `false`. */
  listedSendersOnly?: boolean;
  /** The share of the replay table that one sender may use, if two or more senders have keys. Give a number above 0 and at most 1. Default: `0.5`. */
  maxSenderShare?: number;
  /** Rules for single senders, by name. Give a mapping of names to settings. Default: `{}`. */
  senders?: Record<string, SenderRules>;
  /** Paths that need no signature. Give a list of paths that start with /, each exact or ending in *. Default: `[]`. */
  exemptPaths?: string[];
  /** The authorities of this service, such as `api.test` or `https://api.test`; required for client keys under `message`. Give a list of strings, or "any". */
  authorities?: readonly string[] | 'any';
  /** The path where the application is mounted. Give a path that starts with /, or an empty string. Default: `""`. */
  rootPath?: string;
}

export interface VerifierOptions extends Policy {
  /** The keys of the senders. Give a KeyRing. Required. */
  keys: KeyRing;
  /** The replay store; the default is shared by all workers of the host. Give "heap" ("isolate" in sealwire/edge), a ReplayTable, or a store with a claim method. Default: a mapped file. */
  replay?: 'heap' | 'isolate' | (string & {}) | ReplayTable | SharedStore;
}

export type HeaderList =
  | readonly string[]
  | readonly (readonly [string, string])[]
  | Record<string, string | readonly string[] | undefined>
  | { entries(): IterableIterator<[string, string]> };

/** A request: its raw head and the bytes of its body. */
export interface RequestParts {
  method: string;
  /** The raw target, `/path?query`, or an absolute URL. */
  url: string | URL;
  headers?: HeaderList;
  body?: string | Uint8Array | ArrayBuffer | null;
  /** The value of the `Host` header, if it is not among the headers. */
  authority?: string;
  scheme?: 'http' | 'https';
  /** The time, Unix milliseconds, for tests. */
  now?: number;
}

/** The verified sender of a request. */
export declare class Identity {
  private constructor();
  /** The canonical name of the sender: a service name or a client id, without the suffix `_service`. */
  readonly sender: string;
  /** The sender's name as sent, which the MAC covers. */
  readonly nameAsSent: string;
  readonly scheme: Scheme;
  readonly keyVersion: number;
  /** Signed with `message`; reported on request with `pairwise`. */
  readonly userId: string | undefined;
  readonly nonce: string | undefined;
  /** Negative if the sender's clock was ahead. */
  readonly ageMs: number;
  toJSON(): Record<string, unknown>;
}

/** A rejected request. Contains no signature, secret or body. */
export interface Rejection {
  readonly code: RejectionCode;
  /** The HTTP status of the response. */
  readonly status: number;
  /** The text for the caller. */
  readonly publicText: string;
  /** The sender's mode. Only `enforce` rejects the request. */
  readonly mode: Mode;
  readonly scheme: Scheme;
  /** Whether the MAC was valid. */
  readonly macWasValid: boolean;
  /** As claimed, not authenticated. */
  readonly sender: string;
  readonly keyVersion: number | undefined;
  readonly ageMs: number | undefined;
  /** The header at fault. */
  readonly field: string | undefined;
  /** The reason with its details, for logs. */
  readonly message: string;
}

/** A rejected request. */
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
  /** The scheme of an accepted request, or the reason of a rejection. */
  name: Scheme | RejectionCode;
  count: number;
}

/** A verifier with a policy, keys and a replay store. Create it once and use it for all requests.
 * */
export declare class Verifier {
  constructor(options: VerifierOptions);
  readonly keys: KeyRing;
  readonly replay: ReplayTable | SharedStore;
  /** The modes: those passed to the verifier, or its own. */
  readonly modes: Modes;
  /** Throws a `RejectedError`. */
  verify(request: RequestParts): Identity;
  /** Like `verify`, for any store. */
  verifyAsync(request: RequestParts): Promise<Identity>;
  /** Returns the headers that sign a response to a request. */
  signResponse(
    request: RequestParts,
    caller: Pick<Identity, 'sender' | 'scheme'>,
    response: { status: number; body?: RequestParts['body']; now?: number },
  ): Record<string, string>;
  stats(): Counter[];
}

export interface SignerOptions {
  /** This service's name, or its client id. Give a string. Required. */
  name: string;
  /** The keys; the primary signs. Give a KeyRing. Required. */
  keys: KeyRing;
  /** The schemes; each request is signed in all of them. Give a list of "message", "pairwise", "client". Default: `["message"]`. */
  schemes?: Scheme[];
  /** The called service; required for pair keys. Give a string. */
  receiver?: string;
  /** Additional header fields that are signed if the request has them. Give a list of header field names. Default: `[]`. */
  coverFields?: string[];
  /** Does not sign the authority, for proxies that rewrite it. Give true or false. Default: `false`. */
  ignoreAuthority?: boolean;
  /** Returns the time in Unix milliseconds: for tests. Give a function that returns Unix milliseconds. Default: the clock of the system. */
  clock?: () => number;
}

export interface SigningParts extends RequestParts {
  receiver?: string;
  userId?: string;
  /** New for each request by default. */
  nonce?: string;
}

/** A signer with a name, keys and schemes. Create it once and use it for all requests. */
export declare class Signer {
  constructor(options: SignerOptions);
  readonly name: string;
  readonly keys: KeyRing;
  readonly receiver: string;
  /** Whether the signature covers the body. */
  readonly coversBody: boolean;
  /** The headers to add to the request. */
  sign(request: SigningParts): Record<string, string>;
  /** Verifies the response to a request that was signed here. Throws a `RejectedError`. Pass the
   * headers that the request was sent with, and the body as transferred, including its content
   * coding. */
  verifyResponse(
    request: Omit<RequestParts, 'body'> & { receiver?: string },
    response: { status: number; headers: HeaderList; body?: RequestParts['body'] },
  ): VerifiedResponse;
}

/** The contents of a verified response. */
export interface VerifiedResponse {
  /** The clock of the server, in whole seconds. */
  serverTime: Date;
  keyVersion: number;
}

export interface Role {
  name: string;
  /** Whether the role may write. */
  write?: boolean;
}

export interface ConnectionStringParts {
  /** The account, a UUID. Give a string. Required. */
  account: string;
  /** The expiry. Give a date. Required. */
  expires: Date | string | number;
  /** The time zone of the expiry, minutes east of UTC. Give a whole number of minutes from -1439 to 1439. Default: `0`. */
  offsetMinutes?: number;
  /** The roles, each `{ name, write }`. Give a list of roles. Default: `[]`. */
  roles?: Role[];
  /** The tenant, a UUID. Give a string. */
  tenant?: string;
  /** The subscription, a UUID. Give a string. */
  subscription?: string;
}

/** A rejected connection string. */
export interface ConnectionStringRejection extends RejectedError {
  /** The code of the gateway, if it has one. */
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
  /** Throws a `ConnectionStringRejection`. */
  static verify(
    keys: KeyRing,
    token: string,
    options?: { ignoreExpiry?: boolean; now?: number },
  ): ConnectionString;
  readonly account: string;
  /** As written in the token. */
  readonly expires: string;
  readonly expiresAt: Date;
  readonly roles: Required<Role>[];
  readonly tenant: string | undefined;
  readonly subscription: string | undefined;
  readonly keyVersion: number;
  /** Its contents, without the token. */
  toJSON(): Record<string, unknown>;
}

/** Returns the headers of the `client` scheme for one request. Warns once about a short secret.
 * */
export declare function signRequest(
  method: string,
  url: string,
  secret: string,
  clientId: string,
): Record<string, string>;

/** `signRequest` for the client that `configuration` names. */
export declare function signature(method: string, path: string): Record<string, string>;

export interface GatewayConfiguration {
  server?: {
    auth_location?: { serverOrDNS: string | undefined; port?: number };
    hmac?: {
      enableHmac: boolean;
      clientId: string | undefined;
      sharedSecret: string | undefined;
      /** Confirms that the secret is the same after every start, if it is not in an environment variable. */
      stable?: boolean;
    };
    ssl?: { enableSSL: boolean };
    [setting: string]: unknown;
  };
  /** Settings of this service. `Hmac` contains the settings of `app.use(hmacAuth)`. */
  service?: { Hmac?: HmacAuthOptions; [setting: string]: unknown };
  [setting: string]: unknown;
}

/** Sets the configuration of a gateway; without an argument, returns it. */
export declare function configuration(): GatewayConfiguration | undefined;
export declare function configuration<T extends GatewayConfiguration>(options: T): T;

/**
 * Discards the random bytes that all threads have read in advance for nonces. Call it in each copy after the memory of the process
 * was copied without a fork.
 */
export declare function discardNonces(): void;
