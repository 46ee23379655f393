'use strict';

// Clients that sign what leaves them: the URL after normalisation, the method as sent, the body's very bytes.

const { configuration, hmac, signerOf } = require('./lib/client.js');
const { failure } = require('./lib/errors.js');
const { Signer } = require('./lib/signer.js');

// A `fetch` that signs: with a Signer, or `{ clientId, sharedSecret }`. Redirects are not followed unless asked for: the
// signature is for one URL. With `verifyResponses` an answer that is not signed by the service called is a RejectedError.
function signedFetch(credentials, options = {}) {
  const { fetch: send = (request) => fetch(request), verifyResponses = false, ...parties } = options;
  const signer = asSigner(credentials);
  return async (input, init) => {
    // `fetch` sends `patch` as it is given, which servers refuse.
    const upper = (init?.method ?? input.method ?? 'GET').toUpperCase();
    const request = new Request(input, { redirect: 'manual', ...init, method: upper });
    // A coding would be undone before the answer could be verified.
    if (verifyResponses) request.headers.set('accept-encoding', 'identity');
    const signed = await sign(signer, request, parties);
    const response = await send(signed);
    return verifyResponses ? verified(signer, signed, response, parties) : response;
  };
}

async function sign(signer, request, parties) {
  const body = signer.coversBody && request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
  const { method, url, headers } = request;
  const signed = signer.sign({ method, url, headers: coverable(signer, headers), body, ...parties });
  for (const [name, value] of Object.entries(signed)) headers.set(name, value);
  return body ? new Request(url, { ...kept(request), headers, body }) : request;
}

// The answer with its body read, since only a whole one can be verified, and with `sealwire` saying who answered when.
async function verified(signer, { method, url, headers: sent }, response, { receiver }) {
  const { status, statusText, headers } = response;
  const body = new Uint8Array(await response.arrayBuffer());
  const sealwire = signer.verifyResponse({ method, url, headers: sent, receiver }, { status, headers, body });
  const bodiless = body.length === 0;
  return Object.assign(new Response(bodiless ? null : body, { status, statusText, headers }), { sealwire });
}

// What of a request a copy with another body keeps.
function kept({ method, redirect, signal, credentials, cache, referrer, keepalive }) {
  return { method, redirect, signal, credentials, cache, referrer, keepalive };
}

// Only a signature that covers the body covers headers.
const coverable = (signer, headers) => (signer.coversBody ? headers : undefined);

// Calls the service that `configuration` names, signed while `enableHmac` is true.
async function serviceToService(path, init) {
  const origin = serviceOrigin();
  const url = new URL(path, origin);
  // A path that names another host would send it a signature meant for the service.
  if (url.origin !== origin) throw failure('CONFIG', `the path must stay on ${origin}`);
  return configuration().server.hmac?.enableHmac ? signedFetch(hmac())(url, init) : fetch(url, init);
}

function serviceOrigin() {
  const { auth_location: location, ssl } = configuration()?.server ?? {};
  if (!location?.serverOrDNS) {
    throw failure(
      'CONFIG',
      'call configuration({ server: { auth_location: { serverOrDNS, port }, hmac } }) first',
    );
  }
  const port = location.port ? `:${location.port}` : '';
  return new URL(`${ssl?.enableSSL ? 'https' : 'http'}://${location.serverOrDNS}${port}`).origin;
}

// An interceptor for undici: `new Agent().compose(signingInterceptor(signer))`.
function signingInterceptor(credentials, options = {}) {
  const signer = asSigner(credentials);
  return (dispatch) => (request, handler) => {
    const url = new URL(request.path, request.origin);
    const flat = flatten(request.headers);
    const body = signer.coversBody ? sendable(request.body) : undefined;
    const signed = signer.sign({ method: request.method, url, headers: flat, body, ...options });
    return dispatch(
      { ...request, path: url.pathname + url.search, headers: [...flat, ...flatten(signed)] },
      handler,
    );
  };
}

// Makes an axios instance sign: last of its transforms, where the body is what will be sent.
function signAxios(instance, credentials, options = {}) {
  const signer = asSigner(credentials);
  const transforms = [instance.defaults.transformRequest ?? []].flat();
  function sign(data, headers) {
    const url = new URL(instance.getUri(this));
    const body = signer.coversBody ? sendable(data) : undefined;
    const covered = coverable(signer, Object.entries(headers.toJSON()));
    const method = (this.method ?? 'get').toUpperCase();
    headers.set(signer.sign({ method, url, headers: covered, body, ...options }));
    return data;
  }
  instance.defaults.transformRequest = [...transforms, sign];
  return instance;
}

// A `beforeRequest` hook for got.
function gotSigner(credentials, options = {}) {
  const signer = asSigner(credentials);
  return (request) => {
    const { method, url, headers, json } = request;
    const body = signer.coversBody ? sendable(request.body ?? (json && JSON.stringify(json))) : undefined;
    Object.assign(
      headers,
      signer.sign({ method, url, headers: coverable(signer, headers), body, ...options }),
    );
  };
}

function asSigner(credentials) {
  if (credentials instanceof Signer) return credentials;
  const { clientId, sharedSecret } = credentials ?? {};
  if (!clientId || !sharedSecret) throw failure('CONFIG', 'give a Signer, or clientId and sharedSecret');
  return signerOf(clientId, sharedSecret);
}

function flatten(headers) {
  if (!headers) return [];
  if (Array.isArray(headers)) return headers;
  const entries = typeof headers[Symbol.iterator] === 'function' ? [...headers] : Object.entries(headers);
  return entries.flatMap(([name, value]) => [value].flat().flatMap((each) => [name, String(each)]));
}

function sendable(body) {
  if (body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array) {
    return body ?? undefined;
  }
  throw failure(
    'SIGN',
    'a signature over the body needs its bytes; give a string or a Uint8Array, not a stream or form',
  );
}

module.exports = {
  gotSigner,
  sendToServer: serviceToService,
  serviceToService,
  signAxios,
  signedFetch,
  signingInterceptor,
};
