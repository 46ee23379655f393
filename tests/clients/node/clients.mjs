// Wraps each supported HTTP client in a function `(request) => { status, text }`. A request has `method`,
// `url`, and one of `json`, `form` and `file`. `retries` enables the retry feature of the client library.
// `http2` enables HTTP/2.

import axios from 'axios';
import axiosRetry from 'axios-retry';
import FormDataPackage from 'form-data';
import got from 'got';
import { ofetch } from 'ofetch';
import * as undici from 'undici';
import integrations from '../../../bindings-node/fetch.js';

const { signAxios, signedDispatcher, signedFetch, signGot, signingInterceptor } = integrations;

const RETRY = { minTimeout: 10, maxTimeout: 20, methods: ['GET', 'POST'] };

function webBody({ json, form, file }, Form = FormData) {
  if (json !== undefined) {
    return { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  }
  if (form !== undefined) return { body: new URLSearchParams(form) };
  if (file === undefined) return {};
  const body = new Form();
  body.append('note', 'with a file');
  body.append('file', new Blob([file], { type: 'application/octet-stream' }), 'data.bin');
  return { body };
}

const answered = async (response) => ({ status: response.status, text: await response.text() });

function fetchClient(signer) {
  const call = signedFetch(signer);
  return async ({ method, url, retries, ...body }) => {
    const send = async () => call(url, { method, ...webBody(body) });
    let response = await send();
    for (let left = retries ? 2 : 0; response.status === 503 && left > 0; left -= 1) response = await send();
    return answered(response);
  };
}

function ofetchClient(signer) {
  const client = ofetch.create({}, { fetch: signedFetch(signer) });
  return async ({ method, url, retries, json, ...body }) => {
    const options = { method, ...webBody(body), ...(json !== undefined && { body: json }) };
    if (retries) Object.assign(options, { retry: 3, retryDelay: 10 });
    const response = await client.raw(url, { ...options, responseType: 'text' });
    return { status: response.status, text: response._data };
  };
}

// `undici.fetch` with a signing dispatcher.
function undiciFetchClient(signer, { origin, http2Origin, ca }) {
  return async ({ method, url, retries, http2, ...body }) => {
    const { interceptors } = undici;
    const dispatcher = signedDispatcher(new undici.Agent({ allowH2: http2, connect: { ca } }), signer, {
      origins: [origin, http2Origin],
      interceptors: retries ? [interceptors.retry(RETRY)] : [],
    });
    try {
      return await answered(
        await undici.fetch(url, { method, dispatcher, ...webBody(body, undici.FormData) }),
      );
    } finally {
      await dispatcher.close();
    }
  };
}

// `undici.request` with a Pool. The signer signs requests only for the origin of the Pool.
function undiciPoolClient(signer, { ca }) {
  return async ({ method, url, retries, http2, ...body }) => {
    const { interceptors } = undici;
    const { origin, pathname, search } = new URL(url);
    const pool = new undici.Pool(origin, { allowH2: http2, connect: { ca } });
    const redirect = interceptors.redirect({ maxRedirections: 3 });
    const dispatcher = signedDispatcher(pool, signer, {
      interceptors: retries ? [interceptors.retry(RETRY), redirect] : [redirect],
    });
    return requested(dispatcher, { method, path: pathname + search, ...undiciBody(body) });
  };
}

// A signing interceptor on an undici Client, whose requests contain no origin.
function undiciClient(signer, { ca }) {
  return async ({ method, url, retries, http2, ...body }) => {
    const { origin, pathname, search } = new URL(url);
    const client = new undici.Client(origin, { allowH2: http2, connect: { ca } });
    const retry = retries ? [undici.interceptors.retry(RETRY)] : [];
    const dispatcher = client.compose([signingInterceptor(signer), ...retry]);
    return requested(dispatcher, { method, path: pathname + search, ...undiciBody(body) });
  };
}

async function requested(dispatcher, options) {
  try {
    const response = await dispatcher.request(options);
    return { status: response.statusCode, text: await response.body.text() };
  } finally {
    await dispatcher.close();
  }
}

// With `compose(retry, sign)`, a retry does not call the signer again.
function undiciRetryInsideClient(signer, { origin, http2Origin, ca }) {
  return async ({ method, url, http2, ...body }) => {
    const { interceptors } = undici;
    const agent = new undici.Agent({ allowH2: http2, connect: { ca } });
    const signing = signingInterceptor(signer, { origins: [origin, http2Origin] });
    const dispatcher = agent.compose(
      interceptors.retry(RETRY),
      signing,
      interceptors.redirect({ maxRedirections: 3 }),
    );
    try {
      const response = await undici.request(url, { method, dispatcher, ...undiciBody(body) });
      return { status: response.statusCode, text: await response.body.text() };
    } finally {
      await agent.close();
    }
  };
}

function undiciBody(request) {
  const { form, file } = request;
  if (form !== undefined) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { body: new URLSearchParams(form).toString(), headers };
  }
  if (file === undefined) return webBody(request);
  const body = new undici.FormData();
  body.append('file', new Blob([file]), 'data.bin');
  return { body };
}

const axiosClient = (adapter, makeForm) => (signer) => {
  const client = signAxios(axios.create({ adapter, responseType: 'text' }), signer);
  axiosRetry(client, { retries: 0 });
  return async ({ method, url, retries, http2, json, form, file }) => {
    const data = json ?? (form && new URLSearchParams(form)) ?? (file && makeForm(file));
    const retry = {
      retries: retries ? 3 : 0,
      retryDelay: () => 10,
      retryCondition: (error) => error.status === 503,
    };
    const version = http2 ? { httpVersion: 2, http2Options: { rejectUnauthorized: false } } : {};
    const response = await client.request({ method, url, data, 'axios-retry': retry, ...version });
    return { status: response.status, text: String(response.data) };
  };
};

const webForm = (file) => webBody({ file }).body;

function packageForm(file) {
  const form = new FormDataPackage();
  form.append('file', Buffer.from(file), 'data.bin');
  return form;
}

function gotClient(signer, { ca }) {
  const client = signGot(got, signer);
  return async ({ method, url, retries, http2, json, form, file }) => {
    const limit = retries ? 3 : 0;
    const response = await client(url, {
      method,
      ...(json !== undefined && { json }),
      ...(form !== undefined && { form }),
      ...(file !== undefined && { body: webForm(file) }),
      retry: { limit, methods: ['GET', 'POST'], backoffLimit: 10 },
      methodRewriting: false,
      http2,
      https: { certificateAuthority: ca },
    });
    return { status: response.statusCode, text: response.body };
  };
}

const REDIRECTS = ['redirect 307', 'redirect 303', 'to another origin'];

// For each client: its name, the function that creates it, and the test cases that it does not support.
export const CLIENTS = [
  ['fetch', fetchClient, ['HTTP/2']],
  ['ofetch', ofetchClient, ['HTTP/2']],
  ['undici.fetch, signedDispatcher', undiciFetchClient, []],
  ['undici Pool, signedDispatcher', undiciPoolClient, []],
  ['undici Client, compose(sign, retry)', undiciClient, REDIRECTS],
  ['undici Agent, compose(retry, sign)', undiciRetryInsideClient, []],
  ['axios, http adapter', axiosClient('http', webForm), []],
  // With this adapter, axios sends multipart forms with the wrong content type
  // `application/x-www-form-urlencoded`, unless Sealwire reads the form to sign it.
  ['axios, fetch adapter', axiosClient('fetch', webForm), ['HTTP/2', 'client upload']],
  ['axios, form-data package', axiosClient('http', packageForm), []],
  ['got', gotClient, []],
];
