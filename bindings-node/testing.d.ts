import type { Identity, KeyRing, ReplayTable, Scheme, Signer } from './index.js';

/** A replay store, as in the `replay` setting. */
export interface CheckedStore {
  /** Returns `true` for a new key and `false` for a claimed key. Rejects if the store cannot decide. */
  claim(key: string, expiresAtMs: number): Promise<boolean>;
}

/** Checks that your own replay store satisfies the replay-store contract. `make` returns a store. All stores that it returns
 * must share the same data, like stores on several hosts. `broken` returns a store that cannot access its data. If the store
 * breaks a rule, the promise rejects with an `AssertionError` that contains the rule and the actual result. The check takes
 * about two seconds. */
export function checkStore(
  make: () => CheckedStore,
  options?: { broken?: () => CheckedStore },
): Promise<void>;

/** A client id and its secret, for `hmacAuth` and for the clients. */
export interface Credentials {
  clientId: string;
  sharedSecret: string;
}

/** Returns a client id with a new random secret. The default id is `client`. */
export function credentials(clientId?: string): Credentials;

/** Returns a key ring with new random secrets: one for each pair of `services`, and one for each client id in `clients`. If
 * `issuer` is set, the ring also has a key that signs connection strings. */
export function keyRing(
  services?: readonly string[],
  options?: { clients?: readonly string[]; issuer?: boolean },
): KeyRing;

/** Returns a new replay table in this process. It accepts requests that were signed before it was created. `clear()` removes
 * its nonces. */
export function replayTable(): ReplayTable;

/** Returns an identity for tests that call a handler without the middleware. The function obtains it by signing and verifying a
 * request from `sender` with a new key. The default scheme is `message`. If `sender` is a client id, set the `client` scheme,
 * which has no user id. */
export function identity(sender: string, options?: { scheme?: Scheme; userId?: string }): Identity;

/** A clock for the `clock` setting. */
export interface ManualClock {
  /** Returns the Unix time in milliseconds. */
  (): number;
  /** Moves the clock forward by this number of milliseconds, or back if it is negative. */
  advance(ms: number): void;
}

/** Returns a clock whose time changes only when a test calls `advance`. `nowMs` is the initial Unix time in milliseconds. The
 * default is the current time. */
export function manualClock(nowMs?: number): ManualClock;

/** The settings of a test client. */
export interface TestClientOptions {
  /** The service to call. Required for pair keys. Value: a string. Default: the signer's. */
  receiver?: string;
  /** The user for whom the request is sent. Value: a string. */
  userId?: string;
}

/** A supertest or superagent request. */
export interface SuperagentRequest {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the types of superagent are not a dependency
  on(event: 'request', listener: (request: any) => void): unknown;
}

/** Returns a superagent plugin that signs each request when it is sent: `request(app).get('/items').use(signing(signer))`. */
export function signing(
  signer: Signer | Credentials,
  options?: TestClientOptions,
): (request: SuperagentRequest) => void;

/** An application with the `inject` method, such as a Fastify instance. */
export interface Injected {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the types of Fastify are not a dependency
  inject(options: any): any;
}

/** The body of a request: a string, bytes, a form, or an object that is sent as JSON. Streams are rejected. */
export type InjectBody = string | Uint8Array | ArrayBuffer | URLSearchParams | FormData | Blob | object;

/** The request that is passed to the `inject` method. The body is in `payload` or `body`. */
export interface InjectOptions {
  method?: string;
  url?: string;
  path?: string;
  query?: string | Record<string, string | string[]>;
  headers?: Record<string, string>;
  payload?: InjectBody;
  body?: InjectBody;
  authority?: string;
  remoteAddress?: string;
  cookies?: Record<string, string>;
}

/** Returns a function like `app.inject` that signs each request. The function first waits for `app.ready()`, if the application has
 * this method. If a callback is passed, the function returns undefined. Otherwise, it returns a promise. */
export function signedInject<App extends Injected>(
  app: App,
  signer: Signer | Credentials,
  options?: TestClientOptions,
): {
  (request: string | InjectOptions): Promise<Awaited<ReturnType<App['inject']>>>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the types of Fastify are not a dependency
  (request: string | InjectOptions, callback: (error: Error | null, response: any) => void): void;
};
