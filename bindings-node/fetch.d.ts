import type { VerifiedResponse, Signer } from './index.js';

/** A signer, or a client's id and secret. The requests of a client are signed with the `client` scheme. */
export type Credentials = Signer | { clientId: string; sharedSecret: string | undefined };

export interface SigningOptions {
  /** The origins to which signed requests are sent, such as `https://practices.internal`. Value: a list of strings. Default: the base URL's origin. */
  origins?: readonly string[];
  /** The service to call. Required for pair keys. Value: a string. Default: the signer's. */
  receiver?: string;
  /** The user for whom the request is sent. Value: a string. */
  userId?: string;
}

export interface SignedFetchOptions extends SigningOptions {
  /** The base of relative URLs. Its origin is the default of `origins`. Value: a URL. */
  base?: string | URL;
  /** Sends the signed request. Its second argument contains the members of `init` that a `Request` does not have. The undici package's `fetch` does not accept a Node.js `Request`, so use `signedDispatcher` with undici. Value: a function with the signature of fetch. Default: fetch. */
  fetch?: (request: Request, extras?: Record<string, unknown>) => Promise<Response>;
  /** Throws a `RejectedError` if the receiver did not sign the response. Value: true or false. Default: `false`. */
  verifyResponses?: boolean;
}

/** Returns a `fetch` function that signs every request. Without `base` and `origins`, it signs for the origin of the requested
 * URL. It follows redirects to allowed origins and signs each redirected request again. A redirect to any other origin causes
 * an error. All other options, including `dispatcher`, are passed to `fetch`. With ofetch:
 * `ofetch.create({}, { fetch: signedFetch(signer) })`. */
export declare function signedFetch(
  credentials: Credentials,
  options?: SignedFetchOptions,
): (
  input: string | URL | Request,
  init?: RequestInit & { [option: string]: unknown },
) => Promise<Response & { sealwire?: VerifiedResponse }>;

/** Calls the service in `configuration`. The request is signed if `enableHmac` is true. */
export declare function serviceToService(path: string, init?: RequestInit): Promise<Response>;
export { serviceToService as sendToServer };

/** Returns an interceptor for undici: `new Pool(origin).compose(signingInterceptor(signer), interceptors.retry())`. With a Pool
 * or Client, it signs for the origin of that Pool or Client. With an Agent, the `origins` setting is required, because an Agent
 * cannot distinguish a redirect from a new request. */
export declare function signingInterceptor(
  credentials: Credentials,
  options?: SigningOptions,
): (dispatch: (options: any, handler: any) => boolean) => (options: any, handler: any) => boolean;

/**
 * Returns an undici dispatcher that signs each request immediately before it is sent. Every retry and redirect therefore has a
 * new signature. Pass an Agent, Pool or Client without interceptors. Pass undici's interceptors in `interceptors`, in the same
 * order as for `compose`.
 */
export declare function signedDispatcher<D extends { compose(...interceptors: any[]): any }>(
  dispatcher: D,
  credentials: Credentials,
  options?: SigningOptions & { interceptors?: readonly ((dispatch: any) => any)[] },
): ReturnType<D['compose']>;

/**
 * Modifies an axios instance so that it signs all requests, and returns the instance. It signs the final URL and body, and
 * creates a new signature for each retry and redirect. The default of `origins` is the origin of the instance's `baseURL`.
 */
export declare function signAxios<
  T extends {
    defaults: any;
    interceptors: { request: { use(interceptor: any): any } };
    create(config?: any): any;
  },
>(instance: T, credentials: Credentials, options?: SigningOptions): T;

/** Returns a got instance that signs every request, retry and redirect. The default of `origins` is the origin of
 * `prefixUrl`. */
export declare function signGot<T extends { extend(options: any): any }>(
  got: T,
  credentials: Credentials,
  options?: SigningOptions,
): ReturnType<T['extend']>;

/** Returns a got hook that can be used as `beforeRequest` and as `beforeRedirect`. */
export declare function gotSigner(
  credentials: Credentials,
  options?: SigningOptions,
): (options: any) => Promise<void>;
