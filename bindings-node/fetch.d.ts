import type { VerifiedResponse, Signer } from './index.js';

export type Credentials = Signer | { clientId: string; sharedSecret: string };

export interface SigningOptions {
  /** The service called, for pair keys. */
  receiver?: string;
  userId?: string;
}

/** A `fetch` that signs the URL that leaves it. Redirects are not followed unless asked for. With `verifyResponses` an answer
 * that the service called did not sign is a `RejectedError`, and one that it did carries `sealwire`. */
export declare function signedFetch(
  credentials: Credentials,
  options?: SigningOptions & { fetch?: (request: Request) => Promise<Response>; verifyResponses?: boolean },
): (input: string | URL | Request, init?: RequestInit) => Promise<Response & { sealwire?: VerifiedResponse }>;

/** Calls the service that `configuration` names, signed while `enableHmac` is true. */
export declare function serviceToService(path: string, init?: RequestInit): Promise<Response>;
export { serviceToService as sendToServer };

/** An interceptor for undici: `new Agent().compose(signingInterceptor(signer))`. */
export declare function signingInterceptor(
  credentials: Credentials,
  options?: SigningOptions,
): (dispatch: (options: any, handler: any) => boolean) => (options: any, handler: any) => boolean;

/** Makes an axios instance sign, and returns it. */
export declare function signAxios<T extends { defaults: any; getUri(config?: any): string }>(
  instance: T,
  credentials: Credentials,
  options?: SigningOptions,
): T;

/** A `beforeRequest` hook for got. */
export declare function gotSigner(credentials: Credentials, options?: SigningOptions): (options: any) => void;
