// Type tests for clients and settings. This file is compiled, but not run. Each line below `@ts-expect-error` must fail to
// compile.

import { configuration, KeyRing, Signer, Verifier } from '../../index.js';
import { hmacAuth, type HmacAuth } from '../../express.js';
import {
  gotSigner,
  signAxios,
  signedDispatcher,
  signedFetch,
  signGot,
  signingInterceptor,
} from '../../fetch.js';
import axios, { type AxiosInstance } from 'axios';
import got, { type Got } from 'got';
import { Agent, type Dispatcher, Pool } from 'undici';

const keys = new KeyRing({ clients: { billing: 'a client secret of more than thirty-two bytes' } });
const signer = new Signer({ name: 'billing', keys, schemes: ['client'] });
const credentials = { clientId: 'billing', sharedSecret: 'a client secret of more than thirty-two bytes' };

const call = signedFetch(signer, { base: 'https://iam.internal', verifyResponses: true });
export const time: Promise<Date | undefined> = call('/x', { dispatcher: new Agent() }).then(
  (response) => response.sealwire?.serverTime,
);
export const client: AxiosInstance = signAxios(
  axios.create({ baseURL: 'https://iam.internal' }),
  credentials,
);
export const instance: Got = signGot(got, signer, { origins: ['https://iam.internal'] });
export const hooked: Got = got.extend({ hooks: { beforeRequest: [gotSigner(signer)] } });
export const pool: Dispatcher = new Pool('https://iam.internal').compose(signingInterceptor(signer));
export const agent: Dispatcher = signedDispatcher(new Agent(), signer, { origins: ['https://iam.internal'] });

export const middleware: HmacAuth = hmacAuth(credentials);
configuration({ service: { Hmac: { ...credentials, maxClockSkew: 30_000 } } });

// @ts-expect-error -- origins must be a list
signedFetch(signer, { origins: 'https://iam.internal' });
// @ts-expect-error -- the name of the setting is misspelt
signedFetch(signer, { verifyAnswer: true });
// @ts-expect-error -- keys can be specified in only one way
hmacAuth({ ...credentials, clients: {} });
// @ts-expect-error -- keys can be specified in only one way
hmacAuth({ keys, clients: {} });
// @ts-expect-error -- the name of the sender's setting is misspelt
new Verifier({ keys, senders: { billing: { pathPrefix: ['/public'] } } });
// @ts-expect-error -- a verifier has its own settings
hmacAuth({ verifier: new Verifier({ keys }), keys });
