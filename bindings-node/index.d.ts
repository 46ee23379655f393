import type { Mode, RejectionCode, Scheme } from './native.js';

export type { Mode, RejectionCode, Scheme };

/** A secret: text, or its bytes. Text is UTF-8 for client ids and the issuer, base64 for pairs of services. */
export type Secret = string | Uint8Array;

/** One secret (version 1), or versions of it, the primary of which signs. */
export type KeyVersions =
  | Secret
  | { primary: number; versions: Record<number, Secret> | readonly (readonly [number, Secret])[] };

/** The contents of a key ring. Secrets under 32 bytes are rejected unless `allowWeak` is set. */
export interface Keys {
  /** By client id, for the `client` scheme and for `message` between clients. */
  clients?: Record<string, KeyVersions>;
  /** By pair of services, `"agent/practices"`, in any order: one key for both directions. */
  pairs?: Record<string, KeyVersions>;
  /** Signs connection strings. */
  issuer?: KeyVersions;
  allowWeak?: boolean;
}

/** Keys of pairs as environment variables name them: `HMAC_SECRET_<A>_<B>`, `..._V<n>`, `HMAC_PRIMARY_<A>_<B>`. */
export interface KeysFromEnv {
  /** The service whose pairs are read. */
  service: string;
  env: Record<string, string | undefined>;
  allowWeak?: boolean;
}

/** The keys of a file, from `load` of `sealwire/secrets`. They stay in native memory, which is wiped. */
export interface LoadedKeys {
  /** Tells the type apart; there is no such property. */
  readonly [loadedKeys]: never;
}
declare const loadedKeys: unique symbol;

/** How one key version has been used: when `lastAcceptedS` of an old one stays behind, it is safe to retire. */
export interface KeyStatus {
  /** A client id, `agent/practices`, or `issuer`. */
  name: string;
  version: number;
  primary: boolean;
  /** Requests accepted under it. */
  accepted: number;
  /** Unix seconds; absent until the first. */
  lastAcceptedS?: number;
}

/** Keys by name. Throws an error with `code` SEALWIRE_KEYS that names the entry, never the secret. */
export declare class KeyRing {
  constructor(keys: Keys | KeysFromEnv | LoadedKeys);
  static fromEnv(
    service: string,
    options?: { env?: Record<string, string | undefined>; allowWeak?: boolean },
  ): KeyRing;
  /** Puts other keys in place, at once and as a whole, while requests run. Versions that stay keep their counts. */
  replace(keys: Keys | KeysFromEnv | LoadedKeys): void;
  status(): KeyStatus[];
}

/** How large a replay table is: slots (8 bytes each), or the load it is for. */
export interface TableSize {
  slots?: number;
  /** Default 200. Processes that open one file must agree. */
  requestsPerSecond?: number;
  /** Both windows together; default 600. */
  windowSeconds?: number;
  /** Accept requests signed before the table existed, at the risk that one passed before a restart. */
  acceptOlder?: boolean;
}

/** Where nonces are claimed. A live nonce is never forgotten to make room: a full table rejects. */
export declare class ReplayTable {
  private constructor();
  /** In this process. Worker threads that give the same `sharedAs` share one table, which is kept until the process ends. */
  static heap(options?: TableSize & { sharedAs?: string }): ReplayTable;
  /** In a file that every process on this machine opens, and that outlives them. */
  static mapped(path: string, options?: TableSize): ReplayTable;
  /** Where the file of a service belongs on this machine. */
  static path(service: string): string;
  /** Beside a store that hosts share: for `redisStore`, or a store of your own. */
  static near(options?: TableSize): ReplayTable;
  /** Claims a shared store's key: true when it is new, false when it was claimed before, undefined when the table cannot
   * tell. `expiresAtMs` is in Unix milliseconds. */
  claim(key: string, expiresAtMs: number): boolean | undefined;
  /** Whether such a key is claimed; looks without claiming. */
  seen(key: string): boolean;
  /** Live entries, estimated, of slots in all. Claims begin to be refused from about three quarters. */
  fill(): { live: number; slots: number };
}

/** A store that hosts share, such as `redisStore`. */
export interface SharedStore {
  /** Stores `key` until `expiresAtMs`. Returns true if it was not stored before. A failure
   * rejects the request. */
  claim(key: string, expiresAtMs: number): Promise<boolean>;
  onError?: (error: unknown) => void;
}

/** Rules for one sender, in place of the service's. */
export interface SenderRules {
  mode?: Mode;
  /** Methods it may use; all when absent. */
  methods?: string[];
  /** Paths it may call, each with all below it; all when absent. */
  pathPrefixes?: string[];
}

/** The effect of a rejection: a mode for the service, and modes for single senders that replace
 * it. */
export interface ModesSpec {
  /** Default `enforce`. */
  mode?: Mode;
  senders?: Record<string, Mode>;
  /** Every `enforce` becomes `observe`. */
  observeOnly?: boolean;
}

/** Modes that can be changed while requests run: verifiers and middlewares that were given one follow it. */
export declare class Modes {
  /** `logger`, by default `console`, receives changes: fields, then a message. */
  constructor(modes?: ModesSpec, options?: { logger?: { warn(fields: object, message: string): void } });
  readonly mode: Mode;
  readonly senders: Record<string, Mode>;
  /** How often they were replaced by others. */
  readonly changes: number;
  /** Replaces all modes atomically, for every verifier that uses this object. If
   * `HMAC_AUTH_ENABLED` is false, they stay limited to observing. Invalid modes throw, and the
   * current ones stay active. */
  replace(modes: ModesSpec): void;
}

/** The requirements of a service for requests. Durations are in milliseconds. */
export interface Policy {
  /** This service's own name; needed for `message` and `pairwise`. */
  service?: string;
  /** Accepted schemes, most preferred first. A request is judged by the first it carries, and by no other. */
  schemes?: Scheme[];
  /** Default `enforce`. */
  mode?: Mode;
  /** In place of `mode` and of the senders' own: modes that can be changed while requests run. */
  modes?: Modes;
  /** Every `enforce` becomes `observe`. */
  observeOnly?: boolean;
  /** How far back a timestamp may lie; default 300000. */
  pastMs?: number;
  /** How far ahead; default 5000, for `client` 300000. */
  futureMs?: number;
  /** Default 1 MiB. */
  maxBodyBytes?: number;
  /** Believe the user id of `pairwise`, which does not sign it. */
  trustUnsignedUserId?: boolean;
  /** Claim `pairwise` signatures as nonces. */
  claimPairwise?: boolean;
  /** Let `message` signatures leave out the authority: behind proxies that rewrite it. */
  ignoreAuthority?: boolean;
  /** Headers that `message` signatures must cover when they are sent. */
  requireFields?: string[];
  /** Refuse senders without an entry in `senders`. */
  listedSendersOnly?: boolean;
  senders?: Record<string, SenderRules>;
  /** Paths that need no signature; one that ends in `*` is a prefix. */
  exemptPaths?: string[];
}

export interface VerifierOptions extends Policy {
  keys: KeyRing;
  /**
   * Where nonces are kept. The default is a file that all processes of this user and service share, named after the service or
   * after a hash of the client ids; the start fails if no default directory can be written. `'heap'` is for one process. Otherwise
   * a file's path, a table, or a store that hosts share.
   */
  replay?: 'heap' | (string & {}) | ReplayTable | SharedStore;
}

export type HeaderList =
  | readonly string[]
  | readonly (readonly [string, string])[]
  | Record<string, string | readonly string[] | undefined>
  | { entries(): IterableIterator<[string, string]> };

/** A request's head as on the wire, and its body's bytes. */
export interface RequestParts {
  method: string;
  /** The raw target, `/path?query`, or an absolute URL. */
  url: string | URL;
  headers?: HeaderList;
  body?: string | Uint8Array | ArrayBuffer | null;
  /** The `Host` header's value, where the headers do not hold it. */
  authority?: string;
  scheme?: 'http' | 'https';
  /** The time, Unix milliseconds, for tests. */
  now?: number;
}

/** Who sent a request, as verified. */
export declare class Identity {
  private constructor();
  /** The canonical name of the sender: a service name or a client id, without the suffix `_service`. */
  readonly sender: string;
  /** The sender's name as sent, which the MAC covers. */
  readonly nameAsSent: string;
  readonly scheme: Scheme;
  readonly keyVersion: number;
  /** Signed under `message`, trusted by choice under `pairwise`. */
  readonly userId: string | undefined;
  readonly nonce: string | undefined;
  /** Negative when the sender's clock ran ahead. */
  readonly ageMs: number;
  toJSON(): Record<string, unknown>;
}

/** Why a request was rejected. Holds no signature, secret or body. */
export interface Rejection {
  readonly code: RejectionCode;
  /** The HTTP status of the response. */
  readonly status: number;
  /** The text for the caller. */
  readonly publicText: string;
  /** The sender's mode. Only `enforce` rejects the request. */
  readonly mode: Mode;
  readonly scheme: Scheme;
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

/** A policy, keys and a home for nonces: made once, asked per request. */
export declare class Verifier {
  constructor(options: VerifierOptions);
  readonly keys: KeyRing;
  readonly replay: ReplayTable | SharedStore;
  /** The modes it follows: those it was given, or its own. */
  readonly modes: Modes;
  /** Throws a `RejectedError`. */
  verify(request: RequestParts): Identity;
  /** The same, for any store. */
  verifyAsync(request: RequestParts): Promise<Identity>;
  /** Returns the headers that sign a response to a request. */
  signResponse(
    request: RequestParts,
    caller: Pick<Identity, 'sender' | 'scheme'>,
    answer: { status: number; body?: RequestParts['body']; now?: number },
  ): Record<string, string>;
  stats(): Counter[];
}

export interface SignerOptions {
  /** This service's name, or its client id. */
  name: string;
  keys: KeyRing;
  /** All of which sign each request; default `message`. */
  schemes?: Scheme[];
  /** The service called, for pair keys. */
  receiver?: string;
  /** Headers that `message` signatures cover when they are sent. */
  coverFields?: string[];
  ignoreAuthority?: boolean;
}

export interface SigningParts extends RequestParts {
  receiver?: string;
  userId?: string;
  /** Fresh for each request unless given. */
  nonce?: string;
}

/** A name, keys and schemes: made once, asked per request. */
export declare class Signer {
  constructor(options: SignerOptions);
  readonly name: string;
  readonly keys: KeyRing;
  readonly receiver: string;
  /** Whether the signature covers the body. */
  readonly coversBody: boolean;
  /** The headers to send beside the request's own. */
  sign(request: SigningParts): Record<string, string>;
  /** Verifies the response to a request that was signed here. Throws a `RejectedError`. Pass the
   * headers that the request was sent with, and the body as transferred, including its content
   * coding. */
  verifyResponse(
    request: Omit<RequestParts, 'body'> & { receiver?: string },
    answer: { status: number; headers: HeaderList; body?: RequestParts['body'] },
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
  /** Else it only reads. */
  write?: boolean;
}

export interface ConnectionStringParts {
  /** UUIDs, as the other ids are. */
  account: string;
  expires: Date | string | number;
  /** The offset the expiry is written in; minutes east of UTC. */
  offsetMinutes?: number;
  roles?: Role[];
  tenant?: string;
  subscription?: string;
}

/** A rejected connection string. */
export interface ConnectionStringRejection extends RejectedError {
  /** The gateway's own code, where it has one. */
  readonly nativeCode: string | undefined;
  /** The JSON body of the response. */
  readonly responseBody: string;
  readonly logFields: Record<string, unknown>;
}

/** A verified connection string. */
export declare class ConnectionString {
  private constructor();
  static readonly HEADER: string;
  /** Signs with the issuer's primary key. */
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

/** The `client` scheme's headers for one request. Warns once about a short secret. */
export declare function signRequest(
  method: string,
  url: string,
  secret: string,
  clientId: string,
): Record<string, string>;

/** `signRequest` for the client that `configuration` names. */
export declare function signature(method: string, path: string): Record<string, string>;

export interface GatewayConfiguration {
  server: {
    auth_location?: { serverOrDNS: string; port?: number };
    hmac?: {
      enableHmac: boolean;
      clientId: string;
      sharedSecret: string;
      /** Says that a secret found in no environment variable is kept elsewhere, not made at start-up. */
      stable?: boolean;
    };
    ssl?: { enableSSL: boolean };
    [setting: string]: unknown;
  };
  [setting: string]: unknown;
}

/** Sets the configuration of a gateway; without an argument, returns it. */
export declare function configuration(): GatewayConfiguration | undefined;
export declare function configuration<T extends GatewayConfiguration>(options: T): T;
